"""Return files that were taken in, discrepancies, and the reconciliation with the treasury."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from funding.adapters.db import tables
from funding.adapters.db.readings import DISCREPANCIES, RETURN_FILES, thing
from funding.adapters.db.reconciliation import reconcile
from funding.adapters.db.schema.treasury_tables import discrepancy, return_file
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.routes.common import CodeFilter, matching
from funding.adapters.http.shapes.common import money
from funding.adapters.http.shapes.payments.returns import (
    AgeOut,
    DiscrepancyOut,
    ResolveDiscrepancy,
    ReturnFileOut,
    TreasuryReconciliationOut,
)
from funding.usecases.payments.resolve_discrepancy import resolve_discrepancy
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.work.unit import PLACE

router = APIRouter(prefix="/v1/funding", tags=["disbursements"])
Read = Annotated[Query, Depends(query("disbursement.read"))]
ReadDiscrepancy = Annotated[Query, Depends(query("discrepancy.read"))]


@router.get("/reconciliation", response_model=TreasuryReconciliationOut, responses=READ_PROBLEMS)
async def read_reconciliation(read: Read, fund: UUID | None = None, session: CodeFilter = None) -> Response:
    """Instructed against returned and against the ledger, with what is outstanding by age."""
    today = read.running.clock.now().astimezone(PLACE).date()
    found = await reconcile(read.connection, today, fund, session)
    return read.answer(
        TreasuryReconciliationOut(
            as_of=today,
            count=found.count,
            instructed=money(found.instructed),
            paid=money(found.paid),
            rejected=money(found.rejected),
            outstanding=money(found.outstanding),
            in_transit=money(found.in_transit),
            agrees=found.agrees,
            open_discrepancies=found.open_discrepancies,
            by_age=[
                AgeOut(from_days=x.from_days, to_days=x.to_days, count=x.count, amount=money(x.amount))
                for x in found.by_age
            ],
        )
    )


@router.get("/disbursements/{disbursement_id}/returns", response_model=list[ReturnFileOut], responses=READ_PROBLEMS)
async def list_return_files(disbursement_id: UUID, read: Read) -> Response:
    """The return files that were taken in for a batch, in order."""
    await read.one(select(tables.disbursement.c.id).where(tables.disbursement.c.id == disbursement_id))
    named = return_file.c.disbursement == disbursement_id
    rows = await read.all(select(*RETURN_FILES.columns).where(read.scope.where({}), named).order_by(return_file.c.id))
    shown = ",".join(ReturnFileOut.of(thing(RETURN_FILES, row)).model_dump_json() for row in rows)
    return Response(f"[{shown}]", 200, {"cache-control": "no-store"}, "application/json")


@router.get("/discrepancies", response_model=PageOf[DiscrepancyOut], responses=READ_PROBLEMS)
async def list_discrepancies(
    read: ReadDiscrepancy,
    page: Annotated[PageParameters, Depends(page_parameters)],
    state: CodeFilter = None,
    disbursement: UUID | None = None,
) -> Response:
    """Contradictions of the treasury."""
    filters: dict[str, Any] = {"state": state, "disbursement": disbursement}
    statement = select(*DISCREPANCIES.columns).where(read.scope.where({}), matching(discrepancy, filters))
    return await read.page(
        statement, discrepancy, page, lambda row: DiscrepancyOut.of(thing(DISCREPANCIES, row), read.actor),
        filters=filters,
    )  # fmt: skip


@router.get("/discrepancies/{discrepancy_id}", response_model=DiscrepancyOut, responses=READ_PROBLEMS)
async def read_discrepancy(discrepancy_id: UUID, read: ReadDiscrepancy) -> Response:
    """A contradiction of the treasury."""
    named = (read.scope.where({}), discrepancy.c.id == discrepancy_id)
    row = await read.one(select(*DISCREPANCIES.columns).where(*named))
    return read.answer(DiscrepancyOut.of(DISCREPANCIES.thing(row), read.actor))


@router.post("/discrepancies/{discrepancy_id}/resolve", response_model=DiscrepancyOut, responses=PROBLEMS)
async def resolve(
    discrepancy_id: UUID,
    body: ResolveDiscrepancy,
    do: Annotated[Command[FundingUnit], Depends(command("discrepancy.resolve"))],
) -> Response:
    """Say what came of it; by another person than who took the file in."""
    return await do.run(
        lambda work: resolve_discrepancy(work, discrepancy_id, body.resolution, body.explanation),
        present=DiscrepancyOut.of,
    )
