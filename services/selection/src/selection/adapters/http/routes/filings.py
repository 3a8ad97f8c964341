"""Routes of filings: the signed proof, and the question whether a presented document is one of a roster's."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from selection.adapters.db import tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.filing import ComparisonOut, FilingProofOut, PresentedBody
from selection.domain.roster.document import RosterEdition
from selection.domain.roster.proof import filing_of
from selection.domain.roster.roster import Roster
from selection.usecases.rostering.verify_filing import verify_filing
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import Query

router = APIRouter(prefix="/v1/selection", tags=["filings"])


@router.get("/rosters/{roster_id}/filings/{number}/proof", response_model=FilingProofOut, responses=READ_PROBLEMS)
async def read_proof(roster_id: UUID, number: int, read: Annotated[Query, Depends(query("roster.read"))]) -> Response:
    """Document, hash, receipt and a signature that anyone can check with the published key."""
    row = await read.one(columns_of(Roster, tables.roster).where(tables.roster.c.id == roster_id))
    roster = thing_of(Roster, tables.roster, row)
    table = tables.roster_edition
    where = (table.c.roster_id == roster_id) & (table.c.number == filing_of(roster, number).roster_version)
    edition = thing_of(RosterEdition, table, await read.one(columns_of(RosterEdition, table).where(where)))
    return read.answer(FilingProofOut.of(roster, number, edition, read.running.extras["signer"]))


@router.post("/rosters/{roster_id}/filings/verify", response_model=ComparisonOut, responses=PROBLEMS)
async def post_verification(
    roster_id: UUID, body: PresentedBody, do: Annotated[Command[SelectionUnit], Depends(command("filing.verify"))]
) -> Response:
    """Whether a presented document is a version of the roster, which one, and whether it is the one in force."""
    return await do.run(
        lambda work: verify_filing(work, roster_id, body.document, body.sha256), present=ComparisonOut.of
    )
