"""Acts on one assessment: send back, reopen, re-sit, extend, appeal, decide, correct, reject a correction."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from assessment.domain.assessing.assessment import Assessment
from assessment.domain.schemes.scheme import Scheme
from assessment.usecases.ports import AssessmentPort
from assessment.usecases.schemes import Schemes
from shared.kernel.refusals import Malformed


async def send_back(work: AssessmentPort, id: UUID) -> tuple[Assessment, Scheme]:
    """Another person does not confirm; the recorder looks again."""
    assessment, scheme = await _target(work, id)
    assessment.send_back(scheme, by=work.actor)
    return assessment, scheme


async def reopen(work: AssessmentPort, id: UUID) -> tuple[Assessment, Scheme]:
    """Begin the next attempt after a deferral."""
    assessment, scheme = await _target(work, id)
    assessment.reopen(scheme, by=work.actor)
    return assessment, scheme


async def resit(work: AssessmentPort, id: UUID) -> tuple[Assessment, Scheme]:
    """Begin a re-sit after a confirmed fail."""
    assessment, scheme = await _target(work, id)
    assessment.resit(scheme, by=work.actor, on=work.today)
    return assessment, scheme


async def extend(work: AssessmentPort, id: UUID, reason: str) -> tuple[Assessment, Scheme]:
    """Give more time for the re-sit."""
    assessment, scheme = await _target(work, id)
    assessment.extend(reason, scheme, by=work.actor)
    work.note("assessment.extend", "assessment", str(id), reason=reason)
    return assessment, scheme


async def correct(work: AssessmentPort, id: UUID, reason: str, scores: dict[str, Decimal]) -> tuple[Assessment, Scheme]:
    """Record that a confirmed result is wrong; it changes once another person confirms the correction."""
    assessment, scheme = await _target(work, id)
    assessment.correct(reason, scores, scheme, by=work.actor, at=work.now)
    work.note("assessment.correct", "assessment", str(id), reason=reason)
    return assessment, scheme


async def reject_correction(work: AssessmentPort, id: UUID) -> tuple[Assessment, Scheme]:
    """Leave the result as it was confirmed."""
    assessment, scheme = await _target(work, id)
    assessment.reject_correction(scheme, by=work.actor)
    return assessment, scheme


async def appeal(work: AssessmentPort, id: UUID, ground: str) -> tuple[Assessment, Scheme]:
    """Object to a result."""
    assessment, scheme = await _target(work, id)
    assessment.open_appeal(ground, scheme, by=work.actor, at=work.now, today=work.today)
    return assessment, scheme


async def decide(
    work: AssessmentPort, id: UUID, *, upheld: bool, scores: dict[str, Decimal] | None
) -> tuple[Assessment, Scheme]:
    """Decide an appeal; the result counts once another person confirms it."""
    assessment, scheme = await _target(work, id)
    if scores and not upheld:
        raise Malformed("scores-not-wanted", "An appeal that is not upheld corrects nothing.")
    assessment.decide_appeal((scores or {}) if upheld else None, scheme, by=work.actor, at=work.now)
    return assessment, scheme


async def _target(work: AssessmentPort, id: UUID) -> tuple[Assessment, Scheme]:
    assessment = await work.assessments.get(id, target=True)
    work.authorise(assessment.facets)
    return assessment, await Schemes(work).of(assessment)
