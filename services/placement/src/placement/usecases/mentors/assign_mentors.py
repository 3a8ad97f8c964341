"""The host assigns mentors of its register (M-05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from placement.domain.hosts import Mentor
from placement.domain.mentorships import OPEN, Mentorship, MentorshipState
from placement.domain.placements.placement import Placement
from placement.usecases.batches import Batch, by
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict, RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A placement and the account of the mentor it gets."""

    participation: UUID
    mentor: str


async def assign_mentors(work: PlacementWork, assignments: Sequence[Assignment]) -> list[Mentorship]:
    """Assign, or replace, the mentor of each placement.

    Raises:
        RuleViolated: ``mentor-not-registered`` for an account that the host's register does not have,
            ``outside-employment`` for a mentor who is gone before the days that are left.
        Conflict: ``mentor-overloaded``, ``not-placed``, ``same-mentor``.
    """
    batch = Batch()
    ids = [assignment.participation for assignment in assignments]
    placements = await batch.load(work.placements, ids, "participation")
    current = by(await work.mentorships.list(participation=ids, state=OPEN), "participation")
    named = await work.mentors.list(
        account={assignment.mentor for assignment in assignments}, host={p.host for p in placements.values() if p.host}
    )
    replaced = await work.mentors.list(id={mentorship.mentor for mentorship in current.values()})
    register = {(mentor.host, mentor.account): mentor for mentor in named}
    holders = by([*replaced, *named], "id")
    made = []
    for number, assignment in enumerate(assignments):
        with batch.at(number):
            placement = placements[assignment.participation]
            work.authorise(placement.facets)
            host = placement.must_be_placed("M-05")
            mentor = register.get((host, assignment.mentor))
            if mentor is None:
                raise RuleViolated("mentor-not-registered", "This mentor is not in the host's register.", rule="M-05")
            made.append(await _assign(work, placement, mentor, current.get(placement.id), holders))
    batch.settle()
    return made


async def _assign(
    work: PlacementWork, placement: Placement, mentor: Mentor, former: Mentorship | None, holders: dict[UUID, Mentor]
) -> Mentorship:
    if former is not None:
        if former.mentor == mentor.id:
            raise Conflict("same-mentor", "This is the mentor already.", rule="M-05")
        former.replace(on=work.today, by=work.actor)
        holders[former.mentor].let_go()
    rules = await work.rules(placement.programme, placement.policy_version)
    mentor.must_stay(max(work.today, placement.planned_start), max(work.today, placement.planned_end))
    mentor.take(limit=rules.mentor_load_limit)
    mentorship = Mentorship(
        id=work.new_id(),
        participation=placement.id,
        host=mentor.host,
        mentor=mentor.id,
        account=mentor.account,
        replaces=former.id if former else None,
        state=MentorshipState.PROPOSED,
    )
    work.mentorships.add(mentorship)
    placement.mentorship, placement.mentor, placement.mentor_on = mentorship.id, mentor.account, None
    return mentorship
