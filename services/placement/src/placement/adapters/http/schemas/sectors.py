"""Tasks of sector departments on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from placement.domain.sectors import SECTOR_TASK, SectorTask, SectorTaskState
from placement.usecases.sectors.do_tasks import Completion
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor


class SectorTaskOut(Resource):
    """A task of a department for one placement."""

    id: UUID
    version: int
    state: SectorTaskState
    allowed_actions: list[str]
    participation: UUID
    department: str
    host: str
    code: str
    due_on: date
    done_on: date | None
    reason: str | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, task: SectorTask, actor: Actor) -> SectorTaskOut:
        """The answer to a command."""
        members = {name: getattr(task, name) for name in cls.model_fields if hasattr(task, name)}
        return cls(**members | {"allowed_actions": task.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> SectorTaskOut:
        """A row of the table."""
        allowed = SECTOR_TASK.allowed(SectorTaskState(row.state), actor)
        return cls(**dict(row._mapping) | {"allowed_actions": allowed})


class SectorTaskFinishIn(Body):
    """The day on which it was done."""

    done_on: date


class SectorTaskDoneIn(SectorTaskFinishIn):
    """Which task was done, and when."""

    task: UUID

    def completion(self) -> Completion:
        """As the use case takes it."""
        return Completion(task=self.task, done_on=self.done_on)
