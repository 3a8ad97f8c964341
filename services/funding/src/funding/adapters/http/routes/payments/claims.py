"""Reimbursement claims: drafted, submitted, checked, approved."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import ColumnElement, select

from funding.adapters.db.readings import CLAIMS, thing
from funding.adapters.db.schema.claim_tables import claim
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.routes.common import CodeFilter, NoBody, matching
from funding.adapters.http.shapes.funds.funds import FundingReason
from funding.adapters.http.shapes.payments.claims import (
    ClaimLinesBody,
    ClaimOut,
    ClawBackClaim,
    DecideClaim,
    DraftClaim,
    RecoverClaim,
)
from funding.usecases.claims import decide_claim as deciding
from funding.usecases.claims.claw_back_claim import claw_back_claim, recover_claim
from funding.usecases.claims.draft_claim import draft_claim, revise_claim, withdraw_claim
from funding.usecases.claims.submit_claim import submit_claim
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/funding", tags=["claims"])
Read = Annotated[Query, Depends(query("claim.read"))]
OWN_CLAIM: Final[dict[Relation, ColumnElement[Any]]] = {
    Relation.SELF: claim.c.account,
    Relation.OWN_UNIT: claim.c.unit,
    Relation.HOST: claim.c.host,
}


@router.post("/claims", response_model=ClaimOut, status_code=201, responses=PROBLEMS)
async def draft(body: DraftClaim, do: Annotated[Command[FundingUnit], Depends(command("claim.draft"))]) -> Response:
    """Draft a claim for a participation, a class or a mission of one's own."""
    return await do.run(
        lambda work: draft_claim(work, body.cost_kind, body.cost_object, body.claim_lines()),
        present=ClaimOut.of,
        status=201,
        location=lambda made: f"/v1/funding/claims/{made.id}",
    )


@router.put("/claims/{claim_id}", response_model=ClaimOut, responses=PROBLEMS)
async def revise(
    claim_id: UUID, body: ClaimLinesBody, do: Annotated[Command[FundingUnit], Depends(command("claim.revise"))]
) -> Response:
    """Put other lines in place while it is with the claimant."""
    return await do.run(lambda work: revise_claim(work, claim_id, body.claim_lines()), present=ClaimOut.of)


@router.post("/claims/{claim_id}/submit", response_model=ClaimOut, responses=PROBLEMS)
async def submit(
    claim_id: UUID,
    do: Annotated[Command[FundingUnit], Depends(command("claim.submit"))],
    body: NoBody | None = None,
) -> Response:
    """Hand it in; everything that is wrong with any line is said at once."""
    del body
    return await do.run(lambda work: submit_claim(work, claim_id), present=ClaimOut.of)


@router.post("/claims/{claim_id}/withdraw", response_model=ClaimOut, responses=PROBLEMS)
async def withdraw(
    claim_id: UUID,
    do: Annotated[Command[FundingUnit], Depends(command("claim.withdraw"))],
    body: NoBody | None = None,
) -> Response:
    """Take it back before it is approved."""
    del body
    return await do.run(lambda work: withdraw_claim(work, claim_id), present=ClaimOut.of)


@router.post("/claims/{claim_id}/check", response_model=ClaimOut, responses=PROBLEMS)
async def check(
    claim_id: UUID, body: DecideClaim, do: Annotated[Command[FundingUnit], Depends(command("claim.check"))]
) -> Response:
    """Confirm the documents, with less for some lines where they do not bear them out; names the chain."""
    return await do.run(lambda work: deciding.check_claim(work, claim_id, body.claim_cuts()), present=ClaimOut.of)


@router.post("/claims/{claim_id}/approve", response_model=ClaimOut, responses=PROBLEMS)
async def approve(
    claim_id: UUID, body: DecideClaim, do: Annotated[Command[FundingUnit], Depends(command("claim.approve"))]
) -> Response:
    """Sign the next step of the chain; the last one commits the money."""
    return await do.run(lambda work: deciding.approve_claim(work, claim_id, body.claim_cuts()), present=ClaimOut.of)


@router.post("/claims/{claim_id}/return", response_model=ClaimOut, responses=PROBLEMS)
async def give_back(
    claim_id: UUID, body: FundingReason, do: Annotated[Command[FundingUnit], Depends(command("claim.return"))]
) -> Response:
    """Give it back to be mended."""
    return await do.run(lambda work: deciding.return_claim(work, claim_id, body.reason), present=ClaimOut.of)


@router.post("/claims/{claim_id}/refuse", response_model=ClaimOut, responses=PROBLEMS)
async def refuse(
    claim_id: UUID, body: FundingReason, do: Annotated[Command[FundingUnit], Depends(command("claim.refuse"))]
) -> Response:
    """Refuse it for good."""
    return await do.run(lambda work: deciding.refuse_claim(work, claim_id, body.reason), present=ClaimOut.of)


@router.post("/claims/{claim_id}/revoke", response_model=ClaimOut, responses=PROBLEMS)
async def revoke(
    claim_id: UUID, body: FundingReason, do: Annotated[Command[FundingUnit], Depends(command("claim.revoke"))]
) -> Response:
    """Take an approval back before the treasury has it."""
    return await do.run(lambda work: deciding.revoke_claim(work, claim_id, body.reason), present=ClaimOut.of)


@router.post("/claims/{claim_id}/freeze", response_model=ClaimOut, responses=PROBLEMS)
async def freeze(
    claim_id: UUID, body: FundingReason, do: Annotated[Command[FundingUnit], Depends(command("claim.freeze"))]
) -> Response:
    """Stop it where it is."""
    return await do.run(lambda work: deciding.freeze_claim(work, claim_id, body.reason), present=ClaimOut.of)


@router.post("/claims/{claim_id}/thaw", response_model=ClaimOut, responses=PROBLEMS)
async def thaw(
    claim_id: UUID,
    do: Annotated[Command[FundingUnit], Depends(command("claim.thaw"))],
    body: NoBody | None = None,
) -> Response:
    """Let it go on."""
    del body
    return await do.run(lambda work: deciding.thaw_claim(work, claim_id), present=ClaimOut.of)


@router.post("/claims/{claim_id}/claw-back", response_model=ClaimOut, responses=PROBLEMS)
async def claw_back(
    claim_id: UUID, body: ClawBackClaim, do: Annotated[Command[FundingUnit], Depends(command("claim.claw-back"))]
) -> Response:
    """Ask money of a paid claim back."""
    return await do.run(lambda work: claw_back_claim(work, claim_id, body.amount.fen, body.reason), present=ClaimOut.of)


@router.post("/claims/{claim_id}/recover", response_model=ClaimOut, responses=PROBLEMS)
async def recover(
    claim_id: UUID, body: RecoverClaim, do: Annotated[Command[FundingUnit], Depends(command("claim.recover"))]
) -> Response:
    """Book what came back of it, whole or in part."""
    return await do.run(
        lambda work: recover_claim(work, claim_id, body.amount.fen, body.recovered_on, body.reference),
        present=ClaimOut.of,
    )


@router.get("/claims", response_model=PageOf[ClaimOut], responses=READ_PROBLEMS)
async def list_claims(
    read: Read,
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: CodeFilter = None,
    state: CodeFilter = None,
    cost_kind: CodeFilter = None,
    cost_object: CodeFilter = None,
    payee: CodeFilter = None,
) -> Response:
    """The claims the caller may see."""
    filters: dict[str, Any] = {
        "session": session, "state": state, "cost_kind": cost_kind, "cost_object": cost_object, "payee": payee
    }  # fmt: skip
    statement = select(*CLAIMS.columns).where(read.scope.where(OWN_CLAIM), matching(claim, filters))
    return await read.page(
        statement, claim, page, lambda row: ClaimOut.of(thing(CLAIMS, row), read.actor), filters=filters
    )


@router.get("/claims/{claim_id}", response_model=ClaimOut, responses=READ_PROBLEMS)
async def read_claim(claim_id: UUID, read: Read) -> Response:
    """A claim."""
    row = await read.one(select(*CLAIMS.columns).where(read.scope.where(OWN_CLAIM), claim.c.id == claim_id))
    return read.answer(ClaimOut.of(CLAIMS.thing(row), read.actor))
