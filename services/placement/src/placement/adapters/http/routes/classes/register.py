"""Materials, questions and the evaluation form over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy import Select, func, or_, select

from placement.adapters.db.tables import classes as tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.classes.courses import ClassCount
from placement.adapters.http.schemas.classes.delegates import (
    ClassDistributionIn,
    ClassFormIn,
    ClassFormOut,
    ClassMaterialIn,
    ClassMaterialOut,
    ClassMaterialsOut,
    ClassQuestionDecisionIn,
    ClassQuestionIn,
    ClassQuestionOut,
)
from placement.adapters.http.schemas.common import Done, Items
from placement.adapters.http.scoping import PREFIX, bound, filtered
from placement.usecases.classes.answer_form import answer_form
from placement.usecases.classes.ask_questions import ask_questions, decide_questions
from placement.usecases.classes.distribute import add_material, distribute
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix=f"{PREFIX}/classes", tags=["classes"])
Supplying = Annotated[Command[SqlPlacementWork], Depends(command("class.supply"))]
CodePath = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$")]
question = tables.class_question


@router.post("/{class_id}/materials", status_code=201, response_model=ClassMaterialOut, responses=PROBLEMS)
async def post_material(class_id: UUID, body: ClassMaterialIn, command: Supplying) -> Response:
    """Add a compilation or hand-out (K-05)."""
    return await command.run(
        lambda work: add_material(work, class_id, body.text()), present=ClassMaterialOut.of, status=201
    )


@router.get("/{class_id}/materials", response_model=ClassMaterialsOut, responses=READ_PROBLEMS)
async def list_materials(class_id: UUID, query: Annotated[Query, Depends(query("class.read"))]) -> Response:
    """Materials, and to how many delegates each was given."""
    material, copy = tables.class_material, tables.class_copy
    handed = select(func.count()).where(copy.c.material_id == material.c.id).scalar_subquery().label("handed")
    rows = await query.all(select(material, handed).where(material.c.class_id == class_id).order_by(material.c.code))
    return query.answer(ClassMaterialsOut(items=[ClassMaterialOut(**row._mapping) for row in rows]))


@router.post("/{class_id}/materials/{material_code}/distributions", response_model=ClassCount, responses=PROBLEMS)
async def post_distribution(
    class_id: UUID, material_code: CodePath, body: ClassDistributionIn, command: Supplying
) -> Response:
    """Record who was given a material; without a list everyone who has not been given it."""
    numbers = None if body.numbers is None else list(body.numbers)
    return await command.run(
        lambda work: distribute(work, class_id, material_code, numbers, body.handed_on), present=ClassCount.of
    )


@router.post("/{class_id}/questions", status_code=201, response_model=Done, responses=PROBLEMS)
async def post_questions(
    class_id: UUID,
    body: Items[ClassQuestionIn],
    command: Annotated[Command[SqlPlacementWork], Depends(command("class-question.ask"))],
) -> Response:
    """Enter questions, asked before or during the class (K-04)."""
    texts = [item.question() for item in body.items]
    return await command.run(lambda work: ask_questions(work, class_id, texts), present=Done.of, status=201)


@router.post("/{class_id}/answers", response_model=Done, responses=PROBLEMS)
async def post_answers(
    class_id: UUID,
    body: Items[ClassQuestionDecisionIn],
    command: Annotated[Command[SqlPlacementWork], Depends(command("class.answer"))],
) -> Response:
    """Answer questions, mark them for follow-up, close them (K-04)."""
    decisions = [(item.question, item.decision, item.text) for item in body.items]
    return await command.run(lambda work: decide_questions(work, class_id, decisions), present=Done.of)


def _seen(scope: Scope) -> Select[Any]:
    course = tables.short_class
    asked = {Relation.SELF: question.c.account, Relation.OWN_UNIT: question.c.unit}
    seen = or_(scope.where(asked), scope.where({Relation.DESCENDANT: course.c.organiser}))
    return select(question).join(course, course.c.id == question.c.class_id).where(seen)


@router.get("/{class_id}/questions", response_model=PageOf[ClassQuestionOut], responses=READ_PROBLEMS)
async def list_questions(
    class_id: UUID,
    query: Annotated[Query, Depends(query("class-question.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    state: str | None = None,
    phase: str | None = None,
) -> Response:
    """Questions the caller may see: one's own, one's unit's, or all of a class one runs."""
    filters = {question.c.class_id: class_id, question.c.state: state, question.c.phase: phase}
    return await query.page(
        filtered(_seen(query.scope), filters),
        question,
        page,
        lambda row: ClassQuestionOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.post("/{class_id}/evaluations", response_model=ClassFormOut, responses=PROBLEMS)
async def post_evaluation(
    class_id: UUID,
    body: ClassFormIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("class-seat.evaluate"))],
) -> Response:
    """Answer the form, once and without a trace of what was answered (K-09).

    An idempotency key is not kept: its fingerprint of so short a body would tell the answers. A repetition is refused.
    """
    nameless = replace(command, claim=None)
    return await nameless.run(
        lambda work: answer_form(work, class_id, dict(body.scores)), present=lambda *_: ClassFormOut()
    )
