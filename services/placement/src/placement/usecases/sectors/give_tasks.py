"""Every confirmed placement gives the department of its host's sector a list of tasks (M-02)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from placement.domain.placements.placement import Placement
from placement.domain.sectors import SectorTask, SectorTaskState, department_of, tasks_due
from placement.usecases.ports import PlacementWork


async def give_tasks(work: PlacementWork, placements: Sequence[Placement], *, since: date) -> None:
    """Open the tasks of the policy's list for these placements at their hosts; no task is due before ``since``."""
    rules = {p.id: (await work.rules(p.programme, p.policy_version)).sector_tasks for p in placements}
    paths = {placement.host for placement in placements if placement.host and rules[placement.id]}
    hosts = {host.path: host for host in await work.hosts.list(path=paths)} if paths else {}
    for placement in placements:
        host = hosts.get(placement.host or "")
        if host is None:
            continue
        for code, due_on in tasks_due(rules[placement.id], placement, not_before=since):
            work.sector_tasks.add(
                SectorTask(
                    id=work.new_id(), participation=placement.id, department=department_of(host.sector, host.province),
                    host=host.path, code=code, due_on=due_on,
                )
            )  # fmt: skip


async def lapse_tasks(work: PlacementWork, participations: Iterable[UUID]) -> None:
    """What is still open of these placements' tasks is needed no more."""
    for task in await work.sector_tasks.list(participation=list(participations), state=SectorTaskState.OPEN):
        task.lapse()
