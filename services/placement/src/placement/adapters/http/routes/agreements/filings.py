"""Files of agreements with the regional authority over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.agreements.editions import AgreementRef
from placement.adapters.http.schemas.agreements.files import (
    AgreementFilingOut,
    AgreementFilingProofOut,
    AgreementFilingRef,
    AgreementReceiptIn,
)
from placement.adapters.http.schemas.common import Done, Items, ReasonText
from placement.adapters.http.scoping import PREFIX, bound, filtered, visible
from placement.domain.agreements.filings import Filing
from placement.usecases.agreements.file_agreements import (
    acknowledge_filings,
    prepare_filings,
    return_filing,
    submit_filings,
)
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.work.mapping import Mapping

router = APIRouter(prefix=f"{PREFIX}/agreement-filings", tags=["agreements"])
table = tables.agreement_filing
_rows = Mapping(Filing, table)
Preparing = Annotated[Command[SqlPlacementWork], Depends(command("agreement-filing.prepare"))]
Submitting = Annotated[Command[SqlPlacementWork], Depends(command("agreement-filing.submit"))]
Answering = Annotated[Command[SqlPlacementWork], Depends(command("agreement-filing.answer"))]


@router.post("", status_code=201, response_model=Done, responses=PROBLEMS)
async def post_filings(body: Items[AgreementRef], command: Preparing) -> Response:
    """Prepare the files of agreements in force: the document is made and its hash kept (M-04)."""
    ids = [item.agreement for item in body.items]
    return await command.run(lambda work: prepare_filings(work, ids), present=Done.of, status=201)


@router.post("/submissions", response_model=Done, responses=PROBLEMS)
async def post_submissions(body: Items[AgreementFilingRef], command: Submitting) -> Response:
    """Hand files in, or in again after a return."""
    ids = [item.filing for item in body.items]
    return await command.run(lambda work: submit_filings(work, ids), present=Done.of)


@router.post("/acknowledgements", response_model=Done, responses=PROBLEMS)
async def post_acknowledgements(body: Items[AgreementReceiptIn], command: Answering) -> Response:
    """Take files on file under their receipt numbers."""
    receipts = [item.receipt() for item in body.items]
    return await command.run(lambda work: acknowledge_filings(work, receipts), present=Done.of)


@router.post("/{filing_id}/return", response_model=AgreementFilingOut, responses=PROBLEMS)
async def post_return(filing_id: UUID, body: ReasonText, command: Answering) -> Response:
    """Ask for the file again, with the reason."""
    return await command.run(lambda work: return_filing(work, filing_id, body.reason), present=AgreementFilingOut.of)


@router.get("", response_model=PageOf[AgreementFilingOut], responses=READ_PROBLEMS)
async def list_filings(
    query: Annotated[Query, Depends(query("agreement-filing.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    agreement: UUID | None = None,
    state: str | None = None,
    session: str | None = None,
) -> Response:
    """Files the caller may see."""
    filters = {table.c.agreement: agreement, table.c.state: state, tables.placement.c.session: session}
    return await query.page(
        filtered(visible(table, query.scope), filters),
        table,
        page,
        lambda row: AgreementFilingOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/{filing_id}", response_model=AgreementFilingOut, responses=READ_PROBLEMS)
async def read_filing(filing_id: UUID, query: Annotated[Query, Depends(query("agreement-filing.read"))]) -> Response:
    """One file."""
    row = await query.one(visible(table, query.scope).where(table.c.id == filing_id))
    return query.answer(AgreementFilingOut.row(row, query.actor))


@router.get("/{filing_id}/proof", response_model=AgreementFilingProofOut, responses=READ_PROBLEMS)
async def read_proof(filing_id: UUID, query: Annotated[Query, Depends(query("agreement-filing.read"))]) -> Response:
    """Document, hash, receipts and a signature that anyone can check with the published key."""
    row = await query.one(visible(table, query.scope).where(table.c.id == filing_id))
    filing = _rows.thing([row._mapping[name] for name in _rows.names])
    return query.answer(AgreementFilingProofOut.of(filing, query.running.extras["signer"]))
