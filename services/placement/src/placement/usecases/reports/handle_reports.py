"""Trainees hand study reports in; sending unit and region take note of them (D-02)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from placement.domain.reports import Report
from placement.usecases.batches import Batch, by
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import system

_SERVICE = system("placement")


async def submit_report(work: PlacementWork, id: UUID, text: str, reference: str | None) -> Report:
    """Hand in one's own report. Raises ``RuleViolated`` ``report-too-early``, ``Conflict`` ``wrong-state``."""
    report = await work.reports.get(id, target=True)
    work.authorise((await work.placements.get(report.participation)).facets)
    report.submit(text, reference, on=work.today, by=work.actor)
    return report


async def acknowledge_reports(work: PlacementWork, ids: Sequence[UUID], *, alone: bool = False) -> list[Report]:
    """Take note of reports for the caller's side; each report is complete when every recipient has.

    Raises:
        Conflict: ``wrong-state``, ``acknowledged-already``.
    """
    batch = Batch(alone=alone)
    reports = await batch.load(work.reports, ids, "report")
    placements = by(await work.placements.list(id={report.participation for report in reports.values()}), "id")
    for number, id in enumerate(ids):
        with batch.at(number, "report"):
            work.authorise(placements[reports[id].participation].facets)
            work.announce(reports[id].acknowledge(on=work.today, by=work.actor, itself=_SERVICE))
    batch.settle()
    return [reports[id] for id in ids]


async def return_report(work: PlacementWork, id: UUID, reason: str) -> Report:
    """Ask the trainee for a better report; all recipients read the next one anew."""
    report = await work.reports.get(id, target=True)
    work.authorise((await work.placements.get(report.participation)).facets)
    report.send_back(reason, by=work.actor)
    return report


async def mark_overdue(work: PlacementWork, limit: int = 500) -> int:
    """Moved by the due clock: reports whose due date has passed become overdue. Gives how many did."""
    late = await work.reports_due_before(work.today, limit)
    for report in late:
        work.announce(report.mark_overdue(by=_SERVICE))
    return len(late)
