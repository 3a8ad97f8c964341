"""Routes of applications and the dry run of eligibility."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as Parameter
from sqlalchemy import ColumnElement, Select, and_

from selection.adapters.db import tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.applications import (
    ApplicationDetail,
    ApplicationOut,
    EligibilityOut,
)
from selection.adapters.http.shapes.applying import (
    ApplicationBody,
    CorrectionBody,
    EligibilityBody,
    Empty,
    WaiverBody,
    WithdrawalBody,
)
from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.usecases.applying.check_eligibility import check_eligibility
from selection.usecases.applying.correct_application import correct_application
from selection.usecases.applying.create_application import create_application
from selection.usecases.applying.submit_application import submit_application
from selection.usecases.applying.waive_rule import waive_rule
from selection.usecases.applying.withdraw_application import withdraw_application
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/selection", tags=["applications"])
Do = Command[SelectionUnit]
Code = Annotated[str | None, Parameter(max_length=120)]
_table = tables.application


@router.post("/eligibility-checks", response_model=EligibilityOut, responses=PROBLEMS)
async def post_eligibility_check(
    body: EligibilityBody, do: Annotated[Do, Depends(command("eligibility.check"))]
) -> Response:
    """What the rules of a call, or of a policy version, say about facts in every profile, without applying."""
    return await do.run(lambda work: check_eligibility(work, body.question()), present=EligibilityOut.of)


@router.post("/applications", response_model=ApplicationOut, status_code=201, responses=PROBLEMS)
async def post_application(
    body: ApplicationBody, do: Annotated[Do, Depends(command("application.create"))]
) -> Response:
    """Open a draft; its id is the participation id."""
    person = None if body.person is None else body.person.details()
    return await do.run(
        lambda work: create_application(work, body.call, body.unit, body.statement(), person),
        present=ApplicationOut.of, status=201, location=lambda thing: f"/v1/selection/applications/{thing.id}",
    )  # fmt: skip


@router.post("/applications/{application_id}/correct", response_model=ApplicationOut, responses=PROBLEMS)
async def post_correction(
    application_id: UUID, body: CorrectionBody, do: Annotated[Do, Depends(command("application.correct"))]
) -> Response:
    """State everything anew in a draft or a returned application."""
    return await do.run(
        lambda work: correct_application(work, application_id, body.statement()), present=ApplicationOut.of
    )


@router.post("/applications/{application_id}/submit", response_model=ApplicationOut, responses=PROBLEMS)
async def post_submission(
    application_id: UUID, body: Empty, do: Annotated[Do, Depends(command("application.submit"))]
) -> Response:
    """Hand in, or in again after a return."""
    del body
    return await do.run(lambda work: submit_application(work, application_id), present=ApplicationOut.of)


@router.post("/applications/{application_id}/withdraw", response_model=ApplicationOut, responses=PROBLEMS)
async def post_withdrawal(
    application_id: UUID, body: WithdrawalBody, do: Annotated[Do, Depends(command("application.withdraw"))]
) -> Response:
    """Leave; possible until the end of training."""
    return await do.run(lambda work: withdraw_application(work, application_id, body.reason), present=ApplicationOut.of)


@router.post("/applications/{application_id}/waivers", response_model=ApplicationOut, responses=PROBLEMS)
async def post_waiver(
    application_id: UUID, body: WaiverBody, do: Annotated[Do, Depends(command("application.waive"))]
) -> Response:
    """Waive one rule with a reason."""
    return await do.run(
        lambda work: waive_rule(work, application_id, body.rule, body.reason), present=ApplicationOut.of
    )


@router.get("/applications", response_model=PageOf[ApplicationDetail], responses=READ_PROBLEMS)
async def list_applications(
    read: Annotated[Query, Depends(query("application.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: UUID | None = None,
    call: UUID | None = None,
    state: ApplicationState | None = None,
    specialty: Code = None,
    unit: Code = None,
    reviewer: Code = None,
) -> Response:
    """Applications the caller may see, filtered."""
    filters: dict[str, tuple[ColumnElement[Any], Any]] = {
        "session": (_table.c.session_id, session),
        "call": (_table.c.call_id, call),
        "state": (_table.c.state, None if state is None else state.value),
        "specialty": (_table.c.form["specialty"].astext, specialty),
        "unit": (_table.c.unit, unit),
        "reviewer": (_table.c.reviewer, reviewer),
    }
    statement = _details(read)
    for column, value in filters.values():
        if value is not None:
            statement = statement.where(column == value)
    return await read.page(
        statement, _table, page,
        lambda row: ApplicationDetail.read(thing_of(Application, _table, row), read.actor, row),
        filters={name: value for name, (_, value) in filters.items()},
    )  # fmt: skip


@router.get("/applications/{application_id}", response_model=ApplicationDetail, responses=READ_PROBLEMS)
async def read_application(
    application_id: UUID, read: Annotated[Query, Depends(query("application.read"))]
) -> Response:
    """One application."""
    row = await read.one(_details(read).where(_table.c.id == application_id))
    return read.answer(ApplicationDetail.read(thing_of(Application, _table, row), read.actor, row))


def _details(read: Query) -> Select[Any]:
    """Applications the caller may see, with the person's names and the unit's recommendation."""
    person, opinion = tables.person, tables.recommendation
    said = and_(
        opinion.c.call_id == _table.c.call_id, opinion.c.account == _table.c.account, opinion.c.unit == _table.c.unit
    )
    return (
        columns_of(
            Application, _table, person.c.name_zh, person.c.name_bo, person.c.name_latin,
            opinion.c.state.label("recommendation"), _table.c.updated_at,
        )
        .join(person, person.c.id == _table.c.person_id)
        .outerjoin(opinion, said)
        .where(_visible(read))
    )  # fmt: skip


def _visible(read: Query) -> ColumnElement[bool]:
    return read.scope.where(
        {
            Relation.SELF: _table.c.account,
            Relation.OWN_UNIT: _table.c.unit,
            Relation.REVIEWER: _table.c.reviewer,
        }
    )
