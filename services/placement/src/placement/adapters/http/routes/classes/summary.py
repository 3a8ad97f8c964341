"""The report of a class and the comparison of classes over HTTP."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select, text

from placement.adapters.db.class_summary import COMPARED, figures
from placement.adapters.db.tables import classes as tables
from placement.adapters.db.tables import policy
from placement.adapters.http.schemas.classes.summary import (
    ClassCategoryOut,
    ClassComparedOut,
    ClassComparisonOut,
    ClassDimensionOut,
    ClassProvinceOut,
    ClassQuestionsOut,
    ClassSummaryOut,
)
from placement.adapters.http.scoping import PREFIX
from placement.domain.classes.attendance import ClassAttendance, attended
from placement.domain.classes.evaluation import results
from placement.domain.classes.questions import CountPrecision
from placement.domain.classes.rules import ClassRules
from placement.domain.classes.short_class import ClassState
from placement.domain.policies import Rules
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.kernel.actor import Relation

router = APIRouter(prefix=PREFIX, tags=["classes"])
table = tables.short_class
Reading = Annotated[Query, Depends(query("class-summary.read"))]


def _questions(rows: list[Any]) -> ClassQuestionsOut:
    phases, states = Counter[str](), Counter[str]()
    for row in rows:
        phases[row.phase] += row.asked
        states[row.state] += row.asked
    said = {row.precision for row in rows}
    sure = next(
        (each for each in (CountPrecision.MORE_THAN, CountPrecision.ABOUT) if each in said), CountPrecision.EXACT
    )
    return ClassQuestionsOut(
        total=phases.total(), precision=sure, before=phases["before"], during=phases["during"], by_state=dict(states)
    )


def _share(rows: list[Any], rules: ClassRules) -> int | None:
    marks = [(row.kind, ClassAttendance(row.mark)) for row in rows for _ in range(row.marks)]
    return attended(marks, rules).share if marks else None


def _evaluation(rows: list[Any], state: ClassState, rules: ClassRules) -> list[ClassDimensionOut]:
    counted = [tuple(row) for row in rows] if state in (ClassState.EVALUATED, ClassState.ARCHIVED) else []
    return [
        ClassDimensionOut(
            dimension=each.code, answers=each.answers, mean=each.mean, counts=list(each.counts) if each.counts else None
        )
        for each in results(counted, rules)
    ]  # fmt: skip


@router.get("/classes/{class_id}/summary", response_model=ClassSummaryOut, responses=READ_PROBLEMS)
async def read_summary(class_id: UUID, query: Reading) -> Response:
    """The report of a class, computed: units by category, delegates, lectures, groups, questions (K-07)."""
    seen = query.scope.where({Relation.DESCENDANT: table.c.organiser, Relation.HOST: table.c.host})
    joined = select(table, policy.c.effective).join(
        policy, (policy.c.programme == table.c.programme) & (policy.c.policy_version == table.c.policy_version)
    )
    course = await query.one(joined.where(seen, table.c.id == class_id))
    rules = Rules.of(course.effective).short_class
    assert rules is not None
    found = await figures(query.connection, class_id, sorted(rules.lectures))
    categories = [ClassCategoryOut(**row._mapping) for row in found["categories"]]
    sessions = {row.kind: row.held for row in found["sessions"]}
    return query.answer(
        ClassSummaryOut(
            id=course.id,
            version=course.version,
            state=course.state,
            units_asked=sum(each.units_asked for each in categories),
            units=sum(each.units for each in categories),
            delegates=sum(each.delegates for each in categories),
            waiting=sum(each.waiting for each in categories),
            categories=categories,
            provinces=[ClassProvinceOut(**row._mapping) for row in found["provinces"]],
            sessions=sessions,
            lectures=sum(held for kind, held in sessions.items() if kind in rules.lectures),
            lecturers=len(found["lecturers"]),
            groups=[row.members for row in found["groups"]],
            questions=_questions(found["questions"]),
            materials=found["materials"][0].materials,
            copies=found["materials"][0].copies,
            attendance_share=_share(found["marks"], rules),
            evaluation=_evaluation(found["scores"], ClassState(course.state), rules),
        )
    )


@router.get("/class-comparison", response_model=ClassComparisonOut, responses=READ_PROBLEMS)
async def read_comparison(query: Reading) -> Response:
    """Classes that are over side by side: which was the largest (K-08). Totals only."""
    rows = await query.all(text(COMPARED))  # type: ignore[arg-type]
    sizes = sorted((row.delegates for row in rows), reverse=True)
    items = [
        ClassComparedOut(
            **row._mapping,
            rank=sizes.index(row.delegates) + 1,
            largest=row.delegates == sizes[0],
        )
        for row in rows
    ]
    return query.answer(ClassComparisonOut(items=items))
