"""Which published event of selection and placement becomes which use case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from assessment.domain.assessing.evidence import Attendance, Report
from assessment.domain.participation import Participation
from assessment.usecases.accrediting.apply_for_tier import open_for_selected
from assessment.usecases.following.end_class import end_class, end_mission
from assessment.usecases.following.end_placement import end_placement
from assessment.usecases.following.enrol import enrol
from assessment.usecases.following.forget import forget
from assessment.usecases.following.leave import leave
from assessment.usecases.following.note_evidence import note_change, note_mentor, note_report
from assessment.usecases.following.open_assessment import follow_placed
from assessment.usecases.ports import AssessmentPort
from shared.contracts import placement, selection
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event

Handler = Callable[[Any, Any, Envelope], Awaitable[None]]


async def _selected(work: AssessmentPort, event: selection.Selected, _: Envelope) -> None:
    selected = Participation(
        id=event.participation,
        account=event.account,
        programme=event.programme,
        batch=event.batch,
        session=event.session,
        unit=event.sending_unit,
        origin_area=event.origin_area,
        specialty=event.specialty,
        title_level=event.title_level,
        planned_start=event.planned_start,
        planned_end=event.planned_end,
        policy_version=event.policy_version,
    )
    await enrol(work, selected)
    await open_for_selected(work, selected)


async def _withdrawn(work: AssessmentPort, event: selection.ApplicationWithdrawn, _: Envelope) -> None:
    if event.stage == "selected":
        await leave(work, event.participation, event.reason)


async def _deselected(work: AssessmentPort, event: selection.Deselected, _: Envelope) -> None:
    await leave(work, event.participation, event.reason)


async def _placed(work: AssessmentPort, event: placement.Placed, _: Envelope) -> None:
    await follow_placed(work, event.participation, host=event.host, planned_end=event.planned_end)


async def _mentor_active(work: AssessmentPort, event: placement.MentorActive, _: Envelope) -> None:
    await note_mentor(work, event.participation, event.account)


async def _changed(work: AssessmentPort, event: placement.PlacementChanged, _: Envelope) -> None:
    await note_change(work, event.participation, host=event.host, planned_end=event.planned_end)


async def _acknowledged(work: AssessmentPort, event: placement.ReportAcknowledged, _: Envelope) -> None:
    if not event.complete:
        return  # one office has acknowledged: evidence once the other has, and nobody's fault until then
    latest = Report(event.period, event.due_on, event.submitted_on, complete=True)
    await note_report(work, event.participation, event.report, latest)


async def _overdue(work: AssessmentPort, event: placement.ReportOverdue, _: Envelope) -> None:
    await note_report(work, event.participation, event.report, Report(event.period, event.due_on))


async def _ended(work: AssessmentPort, event: placement.PlacementEnded, _: Envelope) -> None:
    await end_placement(work, event.participation, kind=event.kind, ended_on=event.ended_on, reason=event.reason)


async def _class(work: AssessmentPort, event: placement.ClassCompleted, _: Envelope) -> None:
    attendance = Attendance(event.lectures_held, event.lectures_attended, event.questions)
    await end_class(
        work, event.participation, host=event.host or "", attendance=attendance, completed_on=event.completed_on
    )


async def _mission(work: AssessmentPort, event: placement.MissionCompleted, _: Envelope) -> None:
    await end_mission(work, event.participation, completed_on=event.completed_on)


async def _erased(work: AssessmentPort, event: selection.PersonErased, _: Envelope) -> None:
    await forget(work, event.participation)


CONSUMES: dict[type[Event], Handler] = {
    selection.Selected: _selected,
    selection.ApplicationWithdrawn: _withdrawn,
    selection.Deselected: _deselected,
    placement.Placed: _placed,
    placement.MentorActive: _mentor_active,
    placement.PlacementChanged: _changed,
    placement.ReportAcknowledged: _acknowledged,
    placement.ReportOverdue: _overdue,
    placement.PlacementEnded: _ended,
    placement.ClassCompleted: _class,
    placement.MissionCompleted: _mission,
    selection.PersonErased: _erased,
}
