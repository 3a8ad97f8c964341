"""Departments report what they did, or why it is not needed (M-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.sectors import SectorTask
from placement.usecases.batches import Batch
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """The day on which a task was done."""

    task: UUID
    done_on: date


async def finish_tasks(work: PlacementWork, done: Sequence[Completion], *, alone: bool = False) -> list[SectorTask]:
    """Report tasks as done. Raises ``RuleViolated`` ``date-in-future``, ``Conflict`` ``wrong-state``."""
    batch = Batch(alone=alone)
    tasks = await batch.load(work.sector_tasks, [each.task for each in done], "task")
    for number, each in enumerate(done):
        with batch.at(number):
            work.authorise(Facets(unit=tasks[each.task].department))
            tasks[each.task].finish(each.done_on, work.today, by=work.actor)
    batch.settle()
    return [tasks[each.task] for each in done]


async def waive_task(work: PlacementWork, id: UUID, reason: str) -> SectorTask:
    """A task is not needed for this placement; the reason is kept."""
    task = await work.sector_tasks.get(id, target=True)
    work.authorise(Facets(unit=task.department))
    task.waive(reason, work.today, by=work.actor)
    return task
