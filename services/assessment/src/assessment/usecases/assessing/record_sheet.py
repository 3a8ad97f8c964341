"""Fill in one component for many people at once: evaluations of mentors, hosts and units, panel scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from assessment.domain.assessing.assessment import Assessment
from assessment.usecases.items import Problems, live_assessments, pick
from assessment.usecases.ports import AssessmentPort
from assessment.usecases.schemes import Schemes
from shared.kernel.refusals import Malformed


@dataclass(frozen=True, slots=True)
class Scored:
    """One line of a sheet; ``version`` is what the caller saw, or None."""

    participation: UUID
    score: Decimal
    version: int | None = None


async def record_sheet(work: AssessmentPort, component: str, items: Sequence[Scored]) -> list[Assessment]:
    """The assessments in the order of ``items``; all lines count or none does.

    Raises:
        Refusal: with every wrong line; ``unknown-component`` for a component that a scheme does not have.
    """
    known = await live_assessments(work, (item.participation for item in items))
    schemes, problems, seen, done = Schemes(work), Problems(), set[UUID](), list[Assessment]()
    for position, item in enumerate(items):
        with problems.at(position):
            assessment = pick(work, known, seen, item.participation, item.version)
            scheme = await schemes.of(assessment)
            part = scheme.component(component)
            if part is None:
                raise Malformed("unknown-component", "The scheme has no such component.", component=component)
            assessment.score(part, item.score, scheme, by=work.actor, at=work.now)
            done.append(assessment)
    problems.refuse()
    return done
