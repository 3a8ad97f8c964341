"""Editions of agreements over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Select, case, desc, literal, null

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.agreements.editions import (
    AgreementDraftIn,
    AgreementOut,
    AgreementRef,
    AmendmentIn,
    PaperSignatureIn,
    ResponsibilitiesOut,
    named,
)
from placement.adapters.http.schemas.agreements.files import AgreementFilingIn
from placement.adapters.http.schemas.common import NOTHING, Done, Items, NoMembers, ReasonText
from placement.adapters.http.scoping import PREFIX, bound, filtered, visible
from placement.domain.agreements.states import BINDING
from placement.usecases.agreements.draft_agreements import amend_agreement, draft_agreements, offer_agreements
from placement.usecases.agreements.end_agreements import terminate_agreement
from placement.usecases.agreements.file_agreements import file_agreements
from placement.usecases.agreements.sign_agreements import attest_signatures, refuse_agreement, sign_agreements
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix=f"{PREFIX}/agreements", tags=["agreements"])
table = tables.agreement
Signing = Annotated[Command[SqlPlacementWork], Depends(command("agreement.sign"))]


def seen(scope: Scope) -> Select[Any]:
    """Agreements the caller may see; a host only those it is a party of."""
    own = scope.actor.organisation
    is_party = case((table.c.parties.contains([{"role": "host", "identity": own}]), literal(own)), else_=null())
    return visible(table, scope, is_party)


@router.post("", status_code=201, response_model=Done, responses=PROBLEMS)
async def post_agreements(
    body: Items[AgreementDraftIn], command: Annotated[Command[SqlPlacementWork], Depends(command("agreement.draft"))]
) -> Response:
    """Draft an agreement for each placement (M-04)."""
    drafts = [item.draft() for item in body.items]
    return await command.run(lambda work: draft_agreements(work, drafts), present=Done.of, status=201)


@router.post("/offers", response_model=Done, responses=PROBLEMS)
async def post_offers(
    body: Items[AgreementRef], command: Annotated[Command[SqlPlacementWork], Depends(command("agreement.offer"))]
) -> Response:
    """Lay drafts before their parties."""
    ids = [item.agreement for item in body.items]
    return await command.run(lambda work: offer_agreements(work, ids), present=Done.of)


@router.post("/signatures", response_model=Done, responses=PROBLEMS)
async def post_signatures(body: Items[AgreementRef], command: Signing) -> Response:
    """Sign a list for the caller's party; with the last signature an agreement is in force."""
    ids = [item.agreement for item in body.items]
    return await command.run(lambda work: sign_agreements(work, ids), present=Done.of)


@router.post("/{agreement_id}/sign", response_model=AgreementOut, responses=PROBLEMS)
async def post_sign(agreement_id: UUID, command: Signing, _: NoMembers = NOTHING) -> Response:
    """Sign one agreement for the caller's party."""
    return await command.run(
        lambda work: sign_agreements(work, [agreement_id], alone=True),
        present=lambda signed, actor: AgreementOut.of(signed[0], actor),
    )


@router.post("/{agreement_id}/refuse", response_model=AgreementOut, responses=PROBLEMS)
async def post_refuse(
    agreement_id: UUID,
    body: ReasonText,
    command: Annotated[Command[SqlPlacementWork], Depends(command("agreement.refuse"))],
) -> Response:
    """Say no, with the reason."""
    return await command.run(lambda work: refuse_agreement(work, agreement_id, body.reason), present=AgreementOut.of)


@router.post("/{agreement_id}/paper-signatures", response_model=AgreementOut, responses=PROBLEMS)
async def post_paper_signatures(
    agreement_id: UUID,
    body: Items[PaperSignatureIn],
    command: Annotated[Command[SqlPlacementWork], Depends(command("agreement.attest"))],
) -> Response:
    """Record signatures on uploaded pages; the officer belongs to none of the parties that signed on them (M-04)."""
    signatures = [item.signature() for item in body.items]
    return await command.run(lambda work: attest_signatures(work, agreement_id, signatures), present=AgreementOut.of)


@router.post("/{agreement_id}/terminate", response_model=AgreementOut, responses=PROBLEMS)
async def post_terminate(
    agreement_id: UUID,
    body: ReasonText,
    command: Annotated[Command[SqlPlacementWork], Depends(command("agreement.terminate"))],
) -> Response:
    """End an agreement before its time, with the reason."""
    return await command.run(lambda work: terminate_agreement(work, agreement_id, body.reason), present=AgreementOut.of)


@router.post("/filings", response_model=Done, responses=PROBLEMS)
async def post_filings(
    body: Items[AgreementFilingIn], command: Annotated[Command[SqlPlacementWork], Depends(command("agreement.file"))]
) -> Response:
    """Put agreements in force on the file of the regional authority (M-04)."""
    receipts = [item.receipt() for item in body.items]
    return await command.run(lambda work: file_agreements(work, receipts), present=Done.of)


@router.post("/{agreement_id}/amendments", status_code=201, response_model=AgreementOut, responses=PROBLEMS)
async def post_amendment(
    agreement_id: UUID,
    body: AmendmentIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("agreement.amend"))],
) -> Response:
    """Draft the next edition, to be signed by the original parties."""
    return await command.run(
        lambda work: amend_agreement(work, agreement_id, body.terms.terms(), body.reason, named(body.parties)),
        present=AgreementOut.of,
        status=201,
        location=lambda agreement: f"{PREFIX}/agreements/{agreement.id}",
    )


@router.get("", response_model=PageOf[AgreementOut], responses=READ_PROBLEMS)
async def list_agreements(
    query: Annotated[Query, Depends(query("agreement.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    participation: UUID | None = None,
    state: str | None = None,
    session: str | None = None,
) -> Response:
    """Agreements the caller may see."""
    filters = {table.c.participation: participation, table.c.state: state, tables.placement.c.session: session}
    return await query.page(
        filtered(seen(query.scope), filters),
        table,
        page,
        lambda row: AgreementOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/{agreement_id}", response_model=AgreementOut, responses=READ_PROBLEMS)
async def read_agreement(agreement_id: UUID, query: Annotated[Query, Depends(query("agreement.read"))]) -> Response:
    """One edition of an agreement."""
    row = await query.one(seen(query.scope).where(table.c.id == agreement_id))
    return query.answer(AgreementOut.row(row, query.actor))


matrices = APIRouter(prefix=f"{PREFIX}/placements", tags=["agreements"])


@matrices.get("/{participation}/responsibilities", response_model=ResponsibilitiesOut, responses=READ_PROBLEMS)
async def read_responsibilities(
    participation: UUID, query: Annotated[Query, Depends(query("responsibility.read"))]
) -> Response:
    """Who answers for learning, post, assessment and logistics; both sides read it, party of the agreement or not."""
    statement = visible(table, query.scope).where(table.c.participation == participation)
    row = await query.one(statement.order_by(desc(table.c.state.in_(BINDING)), desc(table.c.edition)).limit(1))
    return query.answer(
        ResponsibilitiesOut(
            participation=row.participation,
            agreement=row.id,
            edition=row.edition,
            state=row.state,
            responsibilities=row.responsibilities,
        )
    )
