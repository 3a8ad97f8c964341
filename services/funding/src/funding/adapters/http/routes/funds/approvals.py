"""Approvals as they are asked and signed, and delegated authority."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from funding.adapters.db.readings import thing
from funding.adapters.db.schema.approval_tables import approval, delegation
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.routes.common import CodeFilter, NoBody, matching
from funding.adapters.http.shapes.funds.approvals import ApprovalOut, Delegate, DelegationOut
from funding.domain.approvals.approval import Approval
from funding.domain.approvals.delegation import Delegation
from funding.usecases.approvals.delegate import delegate_authority, revoke_delegation
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.work.mapping import Mapping

router = APIRouter(prefix="/v1/funding", tags=["approvals"])
APPROVALS = Mapping(Approval, approval)
DELEGATIONS = Mapping(Delegation, delegation)
Read = Annotated[Query, Depends(query("approval.read"))]
ReadDelegations = Annotated[Query, Depends(query("delegation.read"))]


@router.get("/approvals", response_model=PageOf[ApprovalOut], responses=READ_PROBLEMS)
async def list_approvals(
    read: Read,
    page: Annotated[PageParameters, Depends(page_parameters)],
    kind: CodeFilter = None,
    state: CodeFilter = None,
    subject: UUID | None = None,
    fund: UUID | None = None,
    payee: CodeFilter = None,
    awaits: CodeFilter = None,
    ex_post: bool | None = None,
) -> Response:
    """What was asked; ``awaits`` names the organisation whose turn it is, ``ex_post`` what is looked at afterwards."""
    filters: dict[str, Any] = {
        "kind": kind, "state": state, "subject": subject, "fund": fund, "payee": payee, "awaits": awaits,
        "ex_post": ex_post,
    }  # fmt: skip
    statement = select(*APPROVALS.columns).where(read.scope.where({}), matching(approval, filters))
    return await read.page(
        statement, approval, page, lambda row: ApprovalOut.of(thing(APPROVALS, row), read.actor), filters=filters
    )


@router.get("/approvals/{approval_id}", response_model=ApprovalOut, responses=READ_PROBLEMS)
async def read_approval(approval_id: UUID, read: Read) -> Response:
    """One request for approval with its signatures."""
    row = await read.one(select(*APPROVALS.columns).where(read.scope.where({}), approval.c.id == approval_id))
    return read.answer(ApprovalOut.of(APPROVALS.thing(row), read.actor))


@router.post("/delegations", response_model=DelegationOut, status_code=201, responses=PROBLEMS)
async def delegate(
    body: Delegate, do: Annotated[Command[FundingUnit], Depends(command("delegation.give"))]
) -> Response:
    """Let a named person sign for the caller."""

    async def act(work: FundingUnit) -> Delegation:
        return await delegate_authority(
            work,
            delegate=body.delegate,
            delegate_organisation=body.delegate_organisation,
            kinds=body.kinds,
            up_to=None if body.up_to is None else body.up_to.fen,
            valid_from=body.valid_from,
            valid_to=body.valid_to,
        )

    return await do.run(
        act, present=DelegationOut.of, status=201, location=lambda each: f"/v1/funding/delegations/{each.id}"
    )


@router.post("/delegations/{delegation_id}/revoke", response_model=DelegationOut, responses=PROBLEMS)
async def revoke(
    delegation_id: UUID,
    do: Annotated[Command[FundingUnit], Depends(command("delegation.revoke"))],
    body: NoBody | None = None,
) -> Response:
    """Take it back; what was signed under it stands."""
    del body
    return await do.run(lambda work: revoke_delegation(work, delegation_id), present=DelegationOut.of)


@router.get("/delegations", response_model=PageOf[DelegationOut], responses=READ_PROBLEMS)
async def list_delegations(
    read: ReadDelegations,
    page: Annotated[PageParameters, Depends(page_parameters)],
    delegator: CodeFilter = None,
    delegate: CodeFilter = None,
    organisation: CodeFilter = None,
    state: CodeFilter = None,
) -> Response:
    """Who signs for whom."""
    filters: dict[str, Any] = {
        "delegator": delegator, "delegate": delegate, "organisation": organisation, "state": state
    }  # fmt: skip
    statement = select(*DELEGATIONS.columns).where(read.scope.where({}), matching(delegation, filters))
    return await read.page(
        statement, delegation, page, lambda row: DelegationOut.of(thing(DELEGATIONS, row), read.actor), filters=filters
    )


@router.get("/delegations/{delegation_id}", response_model=DelegationOut, responses=READ_PROBLEMS)
async def read_delegation(delegation_id: UUID, read: ReadDelegations) -> Response:
    """One delegation."""
    row = await read.one(select(*DELEGATIONS.columns).where(read.scope.where({}), delegation.c.id == delegation_id))
    return read.answer(DelegationOut.of(DELEGATIONS.thing(row), read.actor))
