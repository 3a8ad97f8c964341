"""Routes of achievements (D-06, C-07)."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter

from assessment.adapters.db.unit_of_work import ACHIEVEMENTS, AssessmentWork
from assessment.adapters.http.lists import rows_of, thing_of, updated_at, visible
from assessment.adapters.http.shapes.bodies import Nothing
from assessment.adapters.http.shapes.returning.things import (
    AchievementBody,
    AchievementListOut,
    AchievementNewBody,
    AchievementOut,
    AchievementReturnBody,
    AchievementVerifyBody,
)
from assessment.domain.returning.achievement import AchievementState
from assessment.usecases.returning import achievements
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/assessment/achievements", tags=["achievements"])
Do = Command[AssessmentWork]
Filter = Annotated[str | None, QueryParameter(max_length=120)]


@router.get("", response_model=PageOf[AchievementOut], responses=READ_PROBLEMS)
async def list_achievements(
    read: Annotated[Query, Depends(query("achievement.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    programme: Filter = None,
    session: Filter = None,
    kind: Filter = None,
    phase: Literal["during", "after"] | None = None,
    state: AchievementState | None = None,
    participation: UUID | None = None,
) -> Response:
    """Achievements the caller may see."""
    filters = {
        "programme": programme, "session": session, "kind": kind, "phase": phase, "state": state,
        "participation": participation,
    }  # fmt: skip

    def present(row: Any) -> AchievementOut:
        return AchievementOut.of(thing_of(ACHIEVEMENTS, row), read.actor, updated_at(ACHIEVEMENTS, row))

    found = rows_of(ACHIEVEMENTS, visible(read, ACHIEVEMENTS.table), filters)
    return await read.page(found, ACHIEVEMENTS.table, page, present, filters=filters)


@router.get("/{achievement_id}", response_model=AchievementOut, responses=READ_PROBLEMS)
async def read_achievement(
    achievement_id: UUID, read: Annotated[Query, Depends(query("achievement.read"))]
) -> Response:
    """One achievement."""
    row = await read.one(rows_of(ACHIEVEMENTS, visible(read, ACHIEVEMENTS.table), {"id": achievement_id}))
    return read.answer(AchievementOut.of(thing_of(ACHIEVEMENTS, row), read.actor, updated_at(ACHIEVEMENTS, row)))


@router.post("", status_code=201, response_model=AchievementOut, responses=PROBLEMS)
async def record_achievement(
    body: AchievementNewBody, do: Annotated[Do, Depends(command("achievement.record"))]
) -> Response:
    """Record what one achieved, with evidence."""
    return await do.run(
        lambda work: achievements.record(work, body.participation, body.statement),
        present=AchievementOut.of,
        status=201,
    )


@router.post("/verify", response_model=AchievementListOut, responses=PROBLEMS)
async def verify_achievements(
    body: AchievementVerifyBody, do: Annotated[Do, Depends(command("achievement.verify"))]
) -> Response:
    """Verify many; all or none."""
    return await do.run(lambda work: achievements.verify(work, body.achievements), present=AchievementListOut.of)


@router.post("/{achievement_id}/correct", response_model=AchievementOut, responses=PROBLEMS)
async def correct_achievement(
    achievement_id: UUID, body: AchievementBody, do: Annotated[Do, Depends(command("achievement.correct"))]
) -> Response:
    """Say it anew, before it was verified."""
    return await do.run(
        lambda work: achievements.correct(work, achievement_id, body.statement), present=AchievementOut.of
    )


@router.post("/{achievement_id}/return", response_model=AchievementOut, responses=PROBLEMS)
async def return_achievement(
    achievement_id: UUID, body: AchievementReturnBody, do: Annotated[Do, Depends(command("achievement.return"))]
) -> Response:
    """Give it back: the evidence does not show it."""
    return await do.run(
        lambda work: achievements.give_back(work, achievement_id, body.reason), present=AchievementOut.of
    )


@router.post("/{achievement_id}/withdraw", response_model=AchievementOut, responses=PROBLEMS)
async def withdraw_achievement(
    achievement_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("achievement.withdraw"))]
) -> Response:
    """Take it back."""
    del body
    return await do.run(lambda work: achievements.withdraw(work, achievement_id), present=AchievementOut.of)
