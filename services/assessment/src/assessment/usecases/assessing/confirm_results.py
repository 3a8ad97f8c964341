"""Another person confirms results; only then the world hears of them (C-01, four eyes)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from assessment.domain.assessing.assessment import Assessment
from assessment.domain.schemes.scheme import Scheme
from assessment.usecases.assessing.aftermath import draw_consequences
from assessment.usecases.items import Problems, live_assessments, pick
from assessment.usecases.ports import AssessmentPort
from assessment.usecases.schemes import Schemes


@dataclass(frozen=True, slots=True)
class Named:
    """One assessment to confirm."""

    participation: UUID
    version: int | None = None


async def confirm_results(work: AssessmentPort, items: Sequence[Named]) -> list[Assessment]:
    """The assessments in the order of ``items``; all are confirmed or none is."""
    known = await live_assessments(work, (item.participation for item in items))
    schemes, problems, seen, done = Schemes(work), Problems(), set[UUID](), list[Assessment]()
    for position, item in enumerate(items):
        with problems.at(position):
            assessment = pick(work, known, seen, item.participation, item.version)
            _confirm(work, assessment, await schemes.of(assessment))
            done.append(assessment)
    problems.refuse()
    await draw_consequences(work, done, schemes)
    return done


async def confirm_result(work: AssessmentPort, id: UUID) -> tuple[Assessment, Scheme]:
    """The one assessment and its scheme."""
    assessment = await work.assessments.get(id, target=True)
    work.authorise(assessment.facets)
    schemes = Schemes(work)
    scheme = await schemes.of(assessment)
    _confirm(work, assessment, scheme)
    await draw_consequences(work, [assessment], schemes)
    return assessment, scheme


def _confirm(work: AssessmentPort, assessment: Assessment, scheme: Scheme) -> None:
    fact = assessment.confirm(scheme, by=work.actor, on=work.today)
    if fact is not None:
        work.announce(fact)
