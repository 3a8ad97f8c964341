"""Give the study direction to many candidates at once (S-06)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from selection.domain.applying.application import Application
from selection.usecases.ports import SelectionWork
from selection.usecases.sheet import each_row, no_twice
from shared.kernel.refusals import Finding, Malformed, NotFound


async def classify_candidates(
    work: SelectionWork, session_id: UUID, rows: Sequence[tuple[UUID, str]]
) -> list[Application]:
    """Classify (application, study direction) pairs of one session; all or none.

    Raises:
        Malformed: ``unknown-code``, ``row-twice``. NotFound: not of this session.
        Conflict: ``step-missing``, ``wrong-state``.
    """
    no_twice((application for application, _ in rows), "application")
    session = await work.readings.session(session_id)
    policy = await work.readings.policy(session.programme, session.policy_version)
    loaded = {each.id: each for each in await work.applications.list(id={id for id, _ in rows}, session_id=session_id)}

    def classify(row: tuple[UUID, str]) -> Application:
        id, direction = row
        application = loaded.get(id)
        if application is None:
            raise NotFound(
                "not-found", "There is no such application in this session.",
                findings=[Finding("not-found", "There is no such application in this session.", "/application")],
            )  # fmt: skip
        if direction not in policy.study_directions:
            raise Malformed(
                "unknown-code", "The policy has no such study direction.",
                findings=[Finding("unknown-code", "The policy has no such study direction.", "/study_direction", "S-06")],
            )  # fmt: skip
        application.classify(direction, work.actor)
        return application

    return each_row(rows, classify)
