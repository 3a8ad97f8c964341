"""Classes, their roll, seats and timetable over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from placement.adapters.db.tables import classes as tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.classes.courses import (
    ClassCount,
    ClassIn,
    ClassOut,
    ClassQuotaIn,
    ClassQuotaOut,
    ClassQuotasOut,
    ClassSessionIn,
    ClassSessionOut,
    ClassTimetableOut,
    ClassUnitIn,
    ClassUnitOut,
)
from placement.adapters.http.schemas.common import NOTHING, Items, NoMembers
from placement.adapters.http.scoping import PREFIX, bound, filtered
from placement.domain.classes.short_class import ShortClass
from placement.usecases.classes.announce_class import (
    announce_class,
    archive_class,
    begin_class,
    evaluate_class,
    open_registration,
)
from placement.usecases.classes.set_up import change_quotas, set_roll, set_timetable
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix=f"{PREFIX}/classes", tags=["classes"])
table = tables.short_class
Moving = Annotated[Command[SqlPlacementWork], Depends(command("class.move"))]
SettingUp = Annotated[Command[SqlPlacementWork], Depends(command("class.set-up"))]
Reading = Annotated[Query, Depends(query("class.read"))]


async def _move(
    command: Command[SqlPlacementWork], act: Callable[[SqlPlacementWork, UUID], Awaitable[ShortClass]], id: UUID
) -> Response:
    return await command.run(lambda work: act(work, id), present=ClassOut.of)


@router.post("", status_code=201, response_model=ClassOut, responses=PROBLEMS)
async def post_class(
    body: ClassIn, command: Annotated[Command[SqlPlacementWork], Depends(command("class.announce"))]
) -> Response:
    """Announce a class with the seats its policy gives each unit category (K-01)."""
    return await command.run(
        lambda work: announce_class(work, body.text()),
        present=ClassOut.of,
        status=201,
        location=lambda course: f"{PREFIX}/classes/{course.id}",
    )


@router.post("/{class_id}/open-registration", response_model=ClassOut, responses=PROBLEMS)
async def post_open_registration(class_id: UUID, command: Moving, _: NoMembers = NOTHING) -> Response:
    """Let units register delegates (S-14)."""
    return await _move(command, open_registration, class_id)


@router.post("/{class_id}/begin", response_model=ClassOut, responses=PROBLEMS)
async def post_begin(class_id: UUID, command: Moving, _: NoMembers = NOTHING) -> Response:
    """Begin, on the first day or later."""
    return await _move(command, begin_class, class_id)


@router.post("/{class_id}/evaluate", response_model=ClassOut, responses=PROBLEMS)
async def post_evaluate(class_id: UUID, command: Moving, _: NoMembers = NOTHING) -> Response:
    """Close calls and form; every participation hears what was attended (K-07, K-09)."""
    return await _move(command, evaluate_class, class_id)


@router.post("/{class_id}/archive", response_model=ClassOut, responses=PROBLEMS)
async def post_archive(class_id: UUID, command: Moving, _: NoMembers = NOTHING) -> Response:
    """Put the class on the shelf."""
    return await _move(command, archive_class, class_id)


@router.get("", response_model=PageOf[ClassOut], responses=READ_PROBLEMS)
async def list_classes(
    query: Reading,
    page: Annotated[PageParameters, Depends(page_parameters)],
    programme: str | None = None,
    session: str | None = None,
    state: str | None = None,
) -> Response:
    """All classes; that a class is held is no secret."""
    filters = {table.c.programme: programme, table.c.session: session, table.c.state: state}
    return await query.page(
        filtered(select(table), filters),
        table,
        page,
        lambda row: ClassOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/{class_id}", response_model=ClassOut, responses=READ_PROBLEMS)
async def read_class(class_id: UUID, query: Reading) -> Response:
    """One class."""
    return query.answer(ClassOut.row(await query.one(select(table).where(table.c.id == class_id)), query.actor))


@router.put("/{class_id}/units", response_model=ClassCount, responses=PROBLEMS)
async def put_units(class_id: UUID, body: Items[ClassUnitIn], command: SettingUp) -> Response:
    """Add units to the roll, or correct them; units not named stay (K-01)."""
    lines = [item.line() for item in body.items]
    return await command.run(lambda work: set_roll(work, class_id, lines), present=ClassCount.of)


@router.get("/{class_id}/units", response_model=PageOf[ClassUnitOut], responses=READ_PROBLEMS)
async def list_units(
    class_id: UUID,
    query: Annotated[Query, Depends(query("class-summary.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    category: str | None = None,
    province: str | None = None,
) -> Response:
    """The roll, with the number of delegates of each unit."""
    units = tables.class_unit
    filters = {units.c.class_id: class_id, units.c.category: category, units.c.province: province}
    return await query.page(
        filtered(select(units), filters), units, page, lambda row: ClassUnitOut(**row._mapping), filters=bound(filters)
    )


@router.post("/{class_id}/quotas", response_model=ClassQuotasOut, responses=PROBLEMS)
async def post_quotas(class_id: UUID, body: Items[ClassQuotaIn], command: SettingUp) -> Response:
    """Give categories more or fewer seats; who waits moves up at once."""
    seats = [(item.category, item.seats) for item in body.items]
    return await command.run(
        lambda work: change_quotas(work, class_id, seats),
        present=lambda quotas, _: ClassQuotasOut(
            items=[ClassQuotaOut.model_validate(quota, from_attributes=True) for quota in quotas]
        ),
    )


@router.get("/{class_id}/quotas", response_model=ClassQuotasOut, responses=READ_PROBLEMS)
async def list_quotas(class_id: UUID, query: Reading) -> Response:
    """Seats by unit category: asked, there, taken."""
    quotas = tables.class_quota
    rows = await query.all(select(quotas).where(quotas.c.class_id == class_id).order_by(quotas.c.category))
    return query.answer(ClassQuotasOut(items=[ClassQuotaOut(**row._mapping) for row in rows]))


@router.put("/{class_id}/sessions", response_model=ClassCount, responses=PROBLEMS)
async def put_sessions(class_id: UUID, body: Items[ClassSessionIn], command: SettingUp) -> Response:
    """Add sessions or change them by their number; the timetable as a whole has to fit (K-02, K-06)."""
    texts = [item.text() for item in body.items]
    return await command.run(lambda work: set_timetable(work, class_id, texts), present=ClassCount.of)


@router.get("/{class_id}/sessions", response_model=ClassTimetableOut, responses=READ_PROBLEMS)
async def list_sessions(class_id: UUID, query: Reading) -> Response:
    """The timetable in order."""
    sessions = tables.class_session
    rows = await query.all(select(sessions).where(sessions.c.class_id == class_id).order_by(sessions.c.number))
    return query.answer(ClassTimetableOut(items=[ClassSessionOut(**row._mapping) for row in rows]))
