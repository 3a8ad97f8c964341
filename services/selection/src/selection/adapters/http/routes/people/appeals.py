"""Routes of explanations and appeals."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from selection.adapters.db import people_tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.applying import Empty
from selection.adapters.http.shapes.people.appeals import (
    AppealDecisionBody,
    ExplanationOut,
    RemedyBody,
    SelectionAppealBody,
    SelectionAppealOut,
)
from selection.domain.appeals.appeal import Appeal, AppealState
from selection.usecases.appealing.decide_appeal import accept_appeal, close_appeal, decide_appeal, take_up_appeal
from selection.usecases.appealing.explain_application import explain_application
from selection.usecases.appealing.file_appeal import file_appeal, withdraw_appeal
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/selection", tags=["appeals"])
Do = Command[SelectionUnit]
Page = Annotated[PageParameters, Depends(page_parameters)]
_table = people_tables.appeal


@router.get("/applications/{application_id}/explanation", response_model=ExplanationOut, responses=PROBLEMS)
async def read_explanation(
    application_id: UUID, do: Annotated[Do, Depends(command("application.explain"))]
) -> Response:
    """Why an application stands where it stands, and how to object."""
    return await do.run(lambda work: explain_application(work, application_id), present=ExplanationOut.of)


@router.post("/appeals", response_model=SelectionAppealOut, status_code=201, responses=PROBLEMS)
async def post_appeal(body: SelectionAppealBody, do: Annotated[Do, Depends(command("appeal.file"))]) -> Response:
    """Object to a decision about oneself."""
    return await do.run(
        lambda work: file_appeal(work, body.application, body.decision.value, body.grounds),
        present=SelectionAppealOut.of, status=201, location=lambda thing: f"/v1/selection/appeals/{thing.id}",
    )  # fmt: skip


@router.get("/appeals", response_model=PageOf[SelectionAppealOut], responses=READ_PROBLEMS)
async def list_appeals(
    read: Annotated[Query, Depends(query("appeal.read"))],
    page: Page,
    session: UUID | None = None,
    state: AppealState | None = None,
) -> Response:
    """Appeals the caller may see, filtered."""
    statement = columns_of(Appeal, _table).where(read.scope.where({Relation.SELF: _table.c.account}))
    if session is not None:
        statement = statement.where(_table.c.session_id == session)
    if state is not None:
        statement = statement.where(_table.c.state == state.value)
    return await read.page(
        statement, _table, page, lambda row: SelectionAppealOut.of(thing_of(Appeal, _table, row), read.actor),
        filters={"session": session, "state": state},
    )  # fmt: skip


@router.get("/appeals/{appeal_id}", response_model=SelectionAppealOut, responses=READ_PROBLEMS)
async def read_appeal(appeal_id: UUID, read: Annotated[Query, Depends(query("appeal.read"))]) -> Response:
    """One appeal."""
    visible = read.scope.where({Relation.SELF: _table.c.account})
    row = await read.one(columns_of(Appeal, _table).where(_table.c.id == appeal_id, visible))
    return read.answer(SelectionAppealOut.of(thing_of(Appeal, _table, row), read.actor))


@router.post("/appeals/{appeal_id}/withdraw", response_model=SelectionAppealOut, responses=PROBLEMS)
async def post_withdrawal(
    appeal_id: UUID, body: Empty, do: Annotated[Do, Depends(command("appeal.withdraw"))]
) -> Response:
    """Take an appeal back."""
    del body
    return await do.run(lambda work: withdraw_appeal(work, appeal_id), present=SelectionAppealOut.of)


@router.post("/appeals/{appeal_id}/accept", response_model=SelectionAppealOut, responses=PROBLEMS)
async def post_acceptance(
    appeal_id: UUID, body: Empty, do: Annotated[Do, Depends(command("appeal.accept"))]
) -> Response:
    """Admit an appeal."""
    del body
    return await do.run(lambda work: accept_appeal(work, appeal_id), present=SelectionAppealOut.of)


@router.post("/appeals/{appeal_id}/take-up", response_model=SelectionAppealOut, responses=PROBLEMS)
async def post_take_up(appeal_id: UUID, body: Empty, do: Annotated[Do, Depends(command("appeal.take_up"))]) -> Response:
    """Take an appeal under review."""
    del body
    return await do.run(lambda work: take_up_appeal(work, appeal_id), present=SelectionAppealOut.of)


@router.post("/appeals/{appeal_id}/decide", response_model=SelectionAppealOut, responses=PROBLEMS)
async def post_decision(
    appeal_id: UUID, body: AppealDecisionBody, do: Annotated[Do, Depends(command("appeal.decide"))]
) -> Response:
    """Decide, with a reason; not by somebody who took part in the decision."""
    return await do.run(
        lambda work: decide_appeal(work, appeal_id, body.action, body.reason), present=SelectionAppealOut.of
    )


@router.post("/appeals/{appeal_id}/close", response_model=SelectionAppealOut, responses=PROBLEMS)
async def post_close(
    appeal_id: UUID, body: RemedyBody, do: Annotated[Do, Depends(command("appeal.close"))]
) -> Response:
    """Write down what was done about it."""
    return await do.run(
        lambda work: close_appeal(work, appeal_id, body.remedy, body.note), present=SelectionAppealOut.of
    )
