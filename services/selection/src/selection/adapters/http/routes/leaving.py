"""Routes of vacated places: deselection by amendment, the reserve's answer."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import ColumnElement, select

from selection.adapters.db import tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.applying import Empty
from selection.adapters.http.shapes.leaving import DeselectionBody, VacancyOut
from selection.adapters.http.shapes.rostering import RosterOut
from selection.domain.roster.vacancy import Vacancy, VacancyState
from selection.usecases.leaving.answer_offer import accept_offer, decline_offer, reopen_vacancy
from selection.usecases.leaving.deselect_candidate import deselect_candidate
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/selection", tags=["vacancies"])
Do = Command[SelectionUnit]
_table = tables.vacancy


@router.post("/rosters/{roster_id}/deselect", response_model=RosterOut, responses=PROBLEMS)
async def post_deselection(
    roster_id: UUID, body: DeselectionBody, do: Annotated[Do, Depends(command("roster.amend"))]
) -> Response:
    """Take a person off a roster in force; the place goes to the reserve as the policy says."""
    return await do.run(
        lambda work: deselect_candidate(work, roster_id, body.application, body.reason), present=RosterOut.of
    )


@router.post("/vacancies/{vacancy_id}/accept", response_model=VacancyOut, responses=PROBLEMS)
async def post_acceptance(
    vacancy_id: UUID, body: Empty, do: Annotated[Do, Depends(command("vacancy.accept"))]
) -> Response:
    """Take the place that was offered."""
    del body
    return await do.run(lambda work: accept_offer(work, vacancy_id), present=VacancyOut.of)


@router.post("/vacancies/{vacancy_id}/decline", response_model=VacancyOut, responses=PROBLEMS)
async def post_refusal(
    vacancy_id: UUID, body: Empty, do: Annotated[Do, Depends(command("vacancy.decline"))]
) -> Response:
    """Leave the place to the next; one stays in the reserve."""
    del body
    return await do.run(lambda work: decline_offer(work, vacancy_id), present=VacancyOut.of)


@router.post("/vacancies/{vacancy_id}/reopen", response_model=VacancyOut, responses=PROBLEMS)
async def post_reopening(
    vacancy_id: UUID, body: Empty, do: Annotated[Do, Depends(command("vacancy.reopen"))]
) -> Response:
    """Try a vacant place again, because a quota or the reserve has changed."""
    del body
    return await do.run(lambda work: reopen_vacancy(work, vacancy_id), present=VacancyOut.of)


@router.get("/vacancies", response_model=PageOf[VacancyOut], responses=READ_PROBLEMS)
async def list_vacancies(
    read: Annotated[Query, Depends(query("vacancy.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: UUID | None = None,
    state: VacancyState | None = None,
) -> Response:
    """Vacated places the caller may see: all for the authority, the own offer for who is asked."""
    statement = columns_of(Vacancy, _table).where(_visible(read))
    if session is not None:
        statement = statement.where(_table.c.session_id == session)
    if state is not None:
        statement = statement.where(_table.c.state == state.value)
    return await read.page(
        statement, _table, page, lambda row: VacancyOut.of(thing_of(Vacancy, _table, row), read.actor),
        filters={"session": session, "state": state and state.value},
    )  # fmt: skip


@router.get("/vacancies/{vacancy_id}", response_model=VacancyOut, responses=READ_PROBLEMS)
async def read_vacancy(vacancy_id: UUID, read: Annotated[Query, Depends(query("vacancy.read"))]) -> Response:
    """One vacated place."""
    row = await read.one(columns_of(Vacancy, _table).where(_table.c.id == vacancy_id, _visible(read)))
    return read.answer(VacancyOut.of(thing_of(Vacancy, _table, row), read.actor))


def _visible(read: Query) -> ColumnElement[bool]:
    application = tables.application
    account = (
        select(application.c.account)
        .where(application.c.id.in_([_table.c.offered_to, _table.c.promoted]))
        .order_by(application.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return read.scope.where({Relation.SELF: account})
