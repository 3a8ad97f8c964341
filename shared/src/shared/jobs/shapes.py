"""How a job looks over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor
from shared.kernel.job import Job, JobState

_SHARE = {JobState.DONE: 1.0, JobState.CHECKED: 1.0}


class ConfirmJobBody(Body):
    """Apply what was checked; with wrong rows only when they are to be left out."""

    leave_out_wrong: bool = False


class JobOut(Resource):
    """A job.

    ``counts`` are numbers of rows; ``progress`` is the share of the present phase, 0 to 1, as far as it is known.
    """

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    kind: str
    subject: UUID
    counts: dict[str, int]
    progress: float | None
    problem: dict[str, Any] | None
    files_kept: bool
    asked_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, thing: Job, actor: Actor) -> JobOut:
        """The representation of a job in the caller's language."""
        return cls(
            id=thing.id, version=thing.version, state=thing.state, allowed_actions=thing.allowed_actions(actor),
            kind=thing.kind, subject=thing.subject, counts=thing.counts, progress=_progress(thing),
            problem=_problem(thing, actor), files_kept=thing.wrapped_key is not None, asked_at=thing.asked_at,
            finished_at=thing.finished_at,
        )  # fmt: skip


def _progress(job: Job) -> float | None:
    if job.state in _SHARE:
        return _SHARE[job.state]
    total, done = job.counts.get("total"), job.counts.get("applied", 0) + job.counts.get("unchanged", 0)
    if job.state is JobState.APPLYING and total:
        return round(min(1.0, done / total), 3)
    return None


def _problem(job: Job, actor: Actor) -> dict[str, Any] | None:
    if job.problem is None:
        return None
    zh = actor.locale.startswith("zh")

    def said(problem: dict[str, Any]) -> dict[str, Any]:
        return {"code": problem["code"], "detail": (zh and problem.get("zh")) or problem["en"]}

    errors = [said(each) | {"pointer": each["pointer"]} for each in job.problem["findings"]]
    return said(job.problem) | {"errors": errors}
