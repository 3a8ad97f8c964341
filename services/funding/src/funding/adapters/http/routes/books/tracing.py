"""Whose money an entry moved (P-09)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from funding.adapters.db.readings import entries_with_sides, whole_entry
from funding.adapters.db.schema.ledger_tables import entry
from funding.adapters.db.tracing import shares_behind
from funding.adapters.http.shapes.funds.reallocations import PostingSources, SourceShare, SourcesOut
from funding.domain.budgets.tracing import traced
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.kernel.money import yuan

router = APIRouter(prefix="/v1/funding/entries", tags=["ledger"])


@router.get("/{entry_id}/sources", response_model=SourcesOut, responses=READ_PROBLEMS)
async def read_sources(entry_id: UUID, read: Annotated[Query, Depends(query("entry.read"))]) -> Response:
    """Each posting of an entry by source, in the shares of its session's money when it was booked."""
    row = await read.one(entries_with_sides().where(read.scope.where({}), entry.c.id == entry_id))
    found = whole_entry(row)
    postings = sorted(found.postings, key=lambda side: side.account.id)
    parts = traced(postings, await shares_behind(read.connection, entry_id))
    shown = SourcesOut(
        entry=found.id,
        postings=[
            PostingSources(
                kind=side.account.kind,
                owner=side.account.owner,
                category=side.account.category,
                amount=yuan(side.amount),
                sources=[SourceShare(source=code, amount=yuan(fen)) for code, fen in own.items()],
            )
            for side, own in zip(postings, parts, strict=True)
        ],
    )
    return read.answer(shown)
