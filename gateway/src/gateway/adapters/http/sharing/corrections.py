"""Requests to correct a shared record: ask, and see what became of it; the owner's queue with its deadlines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from sqlalchemy import Select, select

from gateway.adapters.catalogue import catalogue
from gateway.adapters.db.statistics_tables import correction
from gateway.adapters.db.unit_of_work import GatewayWork
from gateway.domain.sharing.correction import Correction, CorrectionState
from gateway.usecases.corrections import (
    RequestCorrection,
    assign_correction,
    close_correction,
    decide_correction,
    request_correction,
)
from shared.http.commands import Command
from shared.http.exact import Day
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import Body, CodeText, PageOf, Resource
from shared.kernel.actor import Actor, Relation, lies_within

router = APIRouter(prefix="/v1/corrections", tags=["sharing"])

COLUMNS = {Relation.SELF: correction.c.requester, Relation.DESCENDANT: correction.c.owner}
OPEN_STATES = (CorrectionState.RECEIVED, CorrectionState.ASSIGNED)

DataCorrectionReason = Literal["wrong", "outdated", "missing", "duplicate", "inconsistent"]
DataCorrectionAnswer = Literal["corrected", "will-be-corrected", "record-is-right", "no-evidence", "not-the-owner"]


class DataCorrectionBody(Body):
    """What is wrong, by ids and codes only; ``evidence`` refers to a document held elsewhere."""

    dataset: CodeText
    record: CodeText
    field: CodeText
    reason: DataCorrectionReason
    evidence: CodeText | None = None


class DataCorrectionAssignment(Body):
    """The account of the officer who answers it."""

    assigned_to: CodeText


class DataCorrectionDecision(Body):
    """Accepted or not, and why by code."""

    decision: Literal["accept", "reject"]
    answer: DataCorrectionAnswer


class DataCorrectionNothing(Body):
    """An empty object: the address says everything."""


class DataCorrection(Resource):
    """A request and what became of it."""

    id: UUID
    version: int
    state: CorrectionState
    allowed_actions: list[str]
    dataset: str
    record: str
    field: str
    reason: str
    evidence: str | None
    owner: str
    requester_organisation: str
    received_at: datetime
    due_on: date
    overdue: bool
    assigned_to: str | None
    answer: str | None
    decided_on: date | None


Commanded = Command[GatewayWork]


@router.post("", status_code=201, response_model=DataCorrection, responses=PROBLEMS)
async def request(
    body: DataCorrectionBody, asked: Annotated[Commanded, Depends(command("correction.request"))]
) -> Response:
    """Ask the owner of a dataset to correct a field of a record; it is decided within ten working days."""
    wanted = RequestCorrection(**body.model_dump())

    async def act(work: GatewayWork) -> Correction:
        return await request_correction(work, wanted, catalogue())

    return await asked.run(
        act, present=_presenter(asked), status=201, location=lambda made: f"/v1/corrections/{made.id}"
    )


@router.get("", response_model=PageOf[DataCorrection], responses=READ_PROBLEMS)
async def list_corrections(
    read: Annotated[Query, Depends(query("correction.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    state: CorrectionState | None = None,
    due_by: Annotated[Day | None, QueryParameter(description="undecided and due on or before this day")] = None,
) -> Response:
    """Requests of the caller, and those that the caller's organisation has to answer."""
    statement = _visible(read)
    if state is not None:
        statement = statement.where(correction.c.state == state)
    if due_by is not None:
        statement = statement.where(correction.c.due_on <= due_by, correction.c.state.in_(OPEN_STATES))
    named = {"state": state, "due_by": due_by}
    return await read.page(statement, correction, page, lambda row: _shown(row, read), filters=named)


@router.get("/{correction_id}", response_model=DataCorrection, responses=READ_PROBLEMS)
async def read_correction(correction_id: UUID, read: Annotated[Query, Depends(query("correction.read"))]) -> Response:
    """One request."""
    return read.answer(_shown(await read.one(_visible(read).where(correction.c.id == correction_id)), read))


@router.post("/{correction_id}/assignment", response_model=DataCorrection, responses=PROBLEMS)
async def assign(
    correction_id: UUID,
    body: DataCorrectionAssignment,
    asked: Annotated[Commanded, Depends(command("correction.assign", if_match=True))],
) -> Response:
    """Give a request to an officer of the owner."""
    return await asked.run(
        lambda work: assign_correction(work, correction_id, body.assigned_to), present=_presenter(asked)
    )


@router.post("/{correction_id}/decision", response_model=DataCorrection, responses=PROBLEMS)
async def decide(
    correction_id: UUID,
    body: DataCorrectionDecision,
    asked: Annotated[Commanded, Depends(command("correction.decide", if_match=True))],
) -> Response:
    """Accept or reject a request."""
    return await asked.run(
        lambda work: decide_correction(work, correction_id, body.decision, body.answer), present=_presenter(asked)
    )


@router.post("/{correction_id}/closing", response_model=DataCorrection, responses=PROBLEMS)
async def close(
    correction_id: UUID,
    _: DataCorrectionNothing,
    asked: Annotated[Commanded, Depends(command("correction.close", if_match=True))],
) -> Response:
    """Close a decided request."""
    return await asked.run(lambda work: close_correction(work, correction_id), present=_presenter(asked))


def _visible(read: Query) -> Select[Any]:
    return select(correction).where(read.scope.where(COLUMNS))


def _presenter(asked: Commanded) -> Any:
    today = asked.running.clock.now().date()

    def present(found: Correction, actor: Actor) -> DataCorrection:
        return _resource(found, found.state, _actions(found.state, found.owner, actor), today)

    return present


def _shown(row: Any, read: Query) -> DataCorrection:
    state = CorrectionState(row.state)
    return _resource(row, state, _actions(state, row.owner, read.actor), read.running.clock.now().date())


def _actions(state: CorrectionState, owner: str, actor: Actor) -> list[str]:
    """What the lifecycle allows, for those who answer for the owner."""
    return Correction.lifecycle.allowed(state, actor) if lies_within(owner, actor.organisation) else []


def _resource(found: Any, state: CorrectionState, actions: list[str], today: date) -> DataCorrection:
    members = set(DataCorrection.model_fields) - {"state", "allowed_actions", "overdue"}
    return DataCorrection(
        state=state, allowed_actions=actions, overdue=state in OPEN_STATES and found.due_on < today,
        **{name: getattr(found, name) for name in members},
    )  # fmt: skip
