"""Trainees record what they achieved; unit or region verifies it (D-06, C-07)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from assessment.domain.participation import Participation
from assessment.domain.returning.achievement import Achievement, Statement, record_achievement
from assessment.domain.returning.facts import AchievementChanged
from assessment.domain.schemes.scheme import Scheme
from assessment.usecases.items import LIVE, Problems
from assessment.usecases.ports import AssessmentPort
from shared.kernel.refusals import Conflict, NotFound


async def record(work: AssessmentPort, participation: UUID, said: Statement) -> Achievement:
    """Record an achievement of one's own participation.

    Raises:
        NotFound: there is no such participation, or it is not the caller's.
        RuleViolated: ``unknown-kind`` and the like, all at once.
        Conflict: ``achievement-exists``.
    """
    holder, scheme, ended_on = await _circumstances(work, participation)
    work.authorise(holder.facets)
    made = record_achievement(work.new_id(), said, holder, scheme, ended_on, by=work.actor, today=work.today)
    work.achievements.add(made)
    return made


async def correct(work: AssessmentPort, id: UUID, said: Statement) -> Achievement:
    """Say it anew, before it was verified."""
    found = await _target(work, id)
    _, scheme, ended_on = await _circumstances(work, found.participation)
    found.correct(said, scheme, ended_on, by=work.actor, today=work.today)
    return found


async def give_back(work: AssessmentPort, id: UUID, reason: str) -> Achievement:
    """The evidence does not show it."""
    found = await _target(work, id)
    found.give_back(reason, by=work.actor)
    return found


async def withdraw(work: AssessmentPort, id: UUID) -> Achievement:
    """The trainee takes it back."""
    found = await _target(work, id)
    changed = found.withdraw(by=work.actor, on=work.today)
    if changed is not None:
        work.announce(changed)
    return found


async def verify(work: AssessmentPort, ids: Sequence[UUID]) -> list[Achievement]:
    """Verify many; all or none, every problem named."""
    known = {each.id: each for each in await work.achievements.list(id=set(ids))}
    problems, done, told = Problems(), list[Achievement](), list[AchievementChanged]()
    for position, id in enumerate(ids):
        with problems.at(position):
            found = known.pop(id, None)
            if found is None:
                raise (
                    Conflict("item-twice", "This achievement is named twice in the list.")
                    if any(each.id == id for each in done)
                    else NotFound("not-found", "There is no such achievement, or you may not see it.")
                )
            work.authorise(found.facets)
            told.append(found.verify(by=work.actor, on=work.today))
            done.append(found)
    problems.refuse()
    work.announce(*told)
    return done


async def _target(work: AssessmentPort, id: UUID) -> Achievement:
    found = await work.achievements.get(id, target=True)
    work.authorise(found.facets)
    return found


async def _circumstances(work: AssessmentPort, participation: UUID) -> tuple[Participation, Scheme, date]:
    """Whose it is, by which scheme, and the last day of the term, the planned one while it runs."""
    holder = await work.participations.get(participation)
    policy = await work.policy(holder.programme, holder.policy_version)
    if policy is None:
        raise NotFound("no-policy", "The policy version of this programme is not loaded.")
    assessment = await work.assessments.find(participation=participation, state=LIVE)
    ended_on = assessment.term_ended_on if assessment is not None else None
    return holder, policy.scheme(), ended_on or holder.planned_end
