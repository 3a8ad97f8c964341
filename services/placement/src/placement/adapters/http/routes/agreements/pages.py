"""Scanned pages of agreements over HTTP: taken in by offices, read by parties and offices."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Select, select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.routes.agreements.editions import seen
from placement.adapters.http.schemas.agreements.files import AgreementPageOut, AgreementPagesOut
from placement.adapters.http.scoping import PREFIX
from placement.domain.agreements.pages import ENDINGS, LARGEST
from placement.usecases.agreements.keep_pages import keep_page
from shared.http.commands import Command
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS, UPLOAD_PROBLEMS
from shared.http.queries import Query
from shared.http.uploads import UploadGuard

router = APIRouter(prefix=f"{PREFIX}/agreements", tags=["agreements"])
table = tables.agreement_page
_KINDS = frozenset(ENDINGS)
_SHOWN = [table.c[name] for name in AgreementPageOut.model_fields]
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in sorted(_KINDS)},
    }
}


@router.post(
    "/{agreement_id}/pages",
    status_code=201,
    response_model=AgreementPageOut,
    responses=UPLOAD_PROBLEMS,
    openapi_extra=_FILE,
)
async def post_page(
    agreement_id: UUID,
    request: Request,
    do: Annotated[Command[SqlPlacementWork], Depends(UploadGuard("agreement.scan", LARGEST, kinds=_KINDS))],
) -> Response:
    """Upload a scanned page (the body is the file) of an agreement that is being signed (M-04)."""
    content = await request.body()
    return await do.run(
        lambda work: keep_page(work, agreement_id, content),
        present=AgreementPageOut.of,
        status=201,
        location=lambda page: f"{PREFIX}/agreements/{agreement_id}/pages/{page.id}",
    )


@router.get("/{agreement_id}/pages", response_model=AgreementPagesOut, responses=READ_PROBLEMS)
async def list_pages(agreement_id: UUID, query: Annotated[Query, Depends(query("agreement-page.read"))]) -> Response:
    """What pages there are of an edition."""
    await query.one(seen(query.scope).where(tables.agreement.c.id == agreement_id))
    rows = await query.all(select(*_SHOWN).where(table.c.agreement == agreement_id).order_by(table.c.id))
    return query.answer(AgreementPagesOut(items=[AgreementPageOut(**row._mapping) for row in rows]))


@router.get("/{agreement_id}/pages/{page_id}", response_class=Response, responses=READ_PROBLEMS)
async def read_page(
    agreement_id: UUID, page_id: UUID, query: Annotated[Query, Depends(query("agreement-page.read"))]
) -> Response:
    """Download a page, as it was uploaded."""
    await query.one(seen(query.scope).where(tables.agreement.c.id == agreement_id))
    row = await query.one(_page(agreement_id, page_id))
    headers = {
        "content-disposition": f'attachment; filename="agreement-page-{page_id}.{ENDINGS[row.media_type]}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "etag": f'"{row.sha256}"',
    }
    return Response(row.content, 200, headers, row.media_type)


def _page(agreement_id: UUID, page_id: UUID) -> Select[Any]:
    return select(table.c.content, table.c.media_type, table.c.sha256).where(
        table.c.id == page_id, table.c.agreement == agreement_id
    )
