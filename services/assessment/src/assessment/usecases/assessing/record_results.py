"""The assessing authority states results, or puts decisions off (C-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from assessment.domain.assessing.assessment import Assessment
from assessment.domain.schemes.scheme import Outcome, Scheme
from assessment.usecases.items import Problems, live_assessments, pick
from assessment.usecases.ports import AssessmentPort
from assessment.usecases.schemes import Schemes
from shared.kernel.refusals import Malformed

DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class Stated:
    """One result as stated: ``pass``, ``fail`` or ``deferred``; ``reason`` is a code and belongs to a deferral."""

    participation: UUID
    outcome: str
    reason: str | None = None
    version: int | None = None


async def record_results(work: AssessmentPort, items: Sequence[Stated]) -> list[Assessment]:
    """The assessments in the order of ``items``; all count or none does."""
    known = await live_assessments(work, (item.participation for item in items))
    schemes, problems, seen, done = Schemes(work), Problems(), set[UUID](), list[Assessment]()
    for position, item in enumerate(items):
        with problems.at(position):
            assessment = pick(work, known, seen, item.participation, item.version)
            _state(work, assessment, await schemes.of(assessment), item.outcome, item.reason)
            done.append(assessment)
    problems.refuse()
    return done


async def record_result(work: AssessmentPort, id: UUID, outcome: str, reason: str | None) -> tuple[Assessment, Scheme]:
    """The one assessment and its scheme."""
    assessment = await work.assessments.get(id, target=True)
    work.authorise(assessment.facets)
    scheme = await Schemes(work).of(assessment)
    _state(work, assessment, scheme, outcome, reason)
    return assessment, scheme


def _state(work: AssessmentPort, assessment: Assessment, scheme: Scheme, outcome: str, reason: str | None) -> None:
    if outcome == DEFERRED:
        if reason is None:
            raise Malformed("reason-missing", "A deferral needs a reason.")
        assessment.defer(reason, scheme, by=work.actor, on=work.today)
        return
    if reason is not None:
        raise Malformed("reason-not-wanted", "Only a deferral has a reason.")
    assessment.record_result(Outcome(outcome), scheme, by=work.actor, at=work.now)
