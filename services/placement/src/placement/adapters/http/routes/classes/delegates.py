"""Delegates, groups and calls over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy import Select, select

from placement.adapters.db.tables import classes as tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.check_lists import XLSX_TYPE, check_list, read_check_list
from placement.adapters.http.schemas.classes.courses import ClassCount, ClassOut
from placement.adapters.http.schemas.classes.delegates import (
    ClassCallIn,
    ClassDelegateIn,
    ClassEnrolIn,
    ClassMoveIn,
    ClassSeatOut,
    ClassSeedIn,
)
from placement.adapters.http.schemas.common import NOTHING, Done, Items, NoMembers
from placement.adapters.http.scoping import PREFIX, bound, filtered
from placement.usecases.classes.form_groups import form_groups, move_between_groups
from placement.usecases.classes.record_attendance import record_attendance
from placement.usecases.classes.register_delegates import enrol_participants, register_delegates, release_seat
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS, UPLOAD_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf
from shared.http.uploads import UploadGuard
from shared.kernel.actor import Relation

router = APIRouter(prefix=f"{PREFIX}/classes", tags=["classes"])
table = tables.class_seat
Grouping = Annotated[Command[SqlPlacementWork], Depends(command("class.group"))]
SessionNumber = Annotated[int, Path(ge=1, le=1000)]
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (XLSX_TYPE, "text/csv")},
    }
}


def _seen(scope: Scope) -> Select[Any]:
    course = tables.short_class
    columns = {
        Relation.SELF: table.c.account,
        Relation.OWN_UNIT: table.c.unit,
        Relation.DESCENDANT: table.c.unit,
        Relation.HOST: course.c.host,
    }
    return select(table).join(course, course.c.id == table.c.class_id).where(scope.where(columns))


@router.post("/{class_id}/delegates", status_code=201, response_model=Done, responses=PROBLEMS)
async def post_delegates(
    class_id: UUID,
    body: Items[ClassDelegateIn],
    command: Annotated[Command[SqlPlacementWork], Depends(command("class-seat.register"))],
) -> Response:
    """Register delegates of a unit; who finds no seat waits (K-01, S-14)."""
    delegates = [item.delegate() for item in body.items]
    return await command.run(
        lambda work: register_delegates(work, class_id, delegates), present=Done.of, status=201
    )  # fmt: skip


@router.post("/{class_id}/enrolments", status_code=201, response_model=Done, responses=PROBLEMS)
async def post_enrolments(
    class_id: UUID,
    body: ClassEnrolIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("class.enrol"))],
) -> Response:
    """Seat those whom selection chose for the session of the class; who is seated is placed with the host."""
    return await command.run(
        lambda work: enrol_participants(work, class_id, body.participations), present=Done.of, status=201
    )


@router.get("/{class_id}/delegates", response_model=PageOf[ClassSeatOut], responses=READ_PROBLEMS)
async def list_delegates(
    class_id: UUID,
    query: Annotated[Query, Depends(query("class-seat.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    state: str | None = None,
    category: str | None = None,
    unit: str | None = None,
    breakout: int | None = None,
) -> Response:
    """Delegates the caller may see."""
    filters = {
        table.c.class_id: class_id,
        table.c.state: state,
        table.c.category: category,
        table.c.unit: unit,
        table.c.breakout: breakout,
    }
    return await query.page(
        filtered(_seen(query.scope), filters),
        table,
        page,
        lambda row: ClassSeatOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.post("/{class_id}/delegates/{seat_id}/release", response_model=ClassSeatOut, responses=PROBLEMS)
async def post_release(
    class_id: UUID,
    seat_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("class-seat.release"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Give a seat back; the first who waits in the category takes it."""
    return await command.run(lambda work: release_seat(work, class_id, seat_id), present=ClassSeatOut.of)


@router.post("/{class_id}/groups", response_model=ClassOut, responses=PROBLEMS)
async def post_groups(class_id: UUID, body: ClassSeedIn, command: Grouping) -> Response:
    """Deal the delegates out into the groups of the policy, balanced over the categories (K-03)."""
    return await command.run(lambda work: form_groups(work, class_id, body.seed), present=ClassOut.of)


@router.post("/{class_id}/groups/moves", response_model=ClassCount, responses=PROBLEMS)
async def post_moves(class_id: UUID, body: Items[ClassMoveIn], command: Grouping) -> Response:
    """Move delegates to other groups by hand."""
    moves = [(item.number, item.breakout) for item in body.items]
    return await command.run(lambda work: move_between_groups(work, class_id, moves), present=ClassCount.of)


@router.post("/{class_id}/sessions/{number}/attendance", response_model=ClassCount, responses=PROBLEMS)
async def post_attendance(
    class_id: UUID,
    number: SessionNumber,
    body: ClassCallIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("class.call"))],
) -> Response:
    """The call of a session; a second one corrects the first."""
    marks = [(item.number, item.mark) for item in body.items]
    return await command.run(
        lambda work: record_attendance(work, class_id, number, marks, body.rest), present=ClassCount.of
    )


@router.get("/{class_id}/sessions/{number}/check-list", response_class=Response, responses=READ_PROBLEMS)
async def read_check_list_file(
    class_id: UUID, number: SessionNumber, query: Annotated[Query, Depends(query("class-seat.read"))]
) -> Response:
    """The check-list of a session as a workbook, to be filled in and sent back."""
    session = tables.class_session
    held = await query.one(select(session).where(session.c.class_id == class_id, session.c.number == number))
    statement = _seen(query.scope).where(table.c.class_id == class_id, table.c.state == "seated")
    if held.breakout is not None:
        statement = statement.where(table.c.breakout == held.breakout)
    rows = await query.all(statement.order_by(table.c.number))
    content = check_list(class_id, number, rows, "zh" if query.actor.locale.startswith("zh") else "en")
    named = {"content-disposition": f'attachment; filename="check-list-{number}.xlsx"', "cache-control": "no-store"}
    return Response(content, 200, named, XLSX_TYPE)


@router.post(
    "/{class_id}/sessions/{number}/check-list",
    response_model=ClassCount,
    responses=UPLOAD_PROBLEMS,
    openapi_extra=_FILE,
)
async def post_check_list(
    class_id: UUID,
    number: SessionNumber,
    request: Request,
    command: Annotated[Command[SqlPlacementWork], Depends(UploadGuard("class.call", 4_000_000))],
) -> Response:
    """The filled-in check-list (.xlsx or .csv); every cell that is wrong is named and nothing is written."""
    marks = read_check_list(await request.body(), class_id, number)
    return await command.run(
        lambda work: record_attendance(work, class_id, number, marks, None), present=ClassCount.of
    )  # fmt: skip
