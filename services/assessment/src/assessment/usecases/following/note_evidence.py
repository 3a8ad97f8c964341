"""What placement says while the training runs: mentor, host, reports (D-02, M-05)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from assessment.domain.assessing.evidence import Report
from assessment.usecases.following.leave import running_assessment
from assessment.usecases.ports import AssessmentPort
from assessment.usecases.schemes import Schemes


async def note_mentor(work: AssessmentPort, participation: UUID, mentor: str | None) -> None:
    """The mentor may evaluate from now on, if an account of theirs is known."""
    assessment = await running_assessment(work, participation)
    if assessment is not None:
        assessment.mentor = mentor


async def note_change(work: AssessmentPort, participation: UUID, *, host: str, planned_end: date) -> None:
    """The placement was transferred, extended, suspended or resumed."""
    assessment = await running_assessment(work, participation)
    if assessment is not None:
        assessment.host, assessment.planned_end = host, planned_end


async def note_report(work: AssessmentPort, participation: UUID, report: UUID, latest: Report) -> None:
    """A study report was acknowledged or is overdue; after conducting it changes nothing any more."""
    assessment = await running_assessment(work, participation)
    if assessment is not None and assessment.takes_evidence:
        assessment.note_report(report, latest)
        if assessment.term_ended_on is not None:
            assessment.gather(await Schemes(work).of(assessment))
