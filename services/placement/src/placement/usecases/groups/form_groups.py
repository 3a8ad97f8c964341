"""The region forms groups, changes who is in them, and dissolves them (D-01)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from placement.domain.facts import GroupChanged
from placement.domain.groups.group import Membership, StudyGroup
from placement.domain.groups.reports import GROUP_REPORT_OWED
from placement.domain.placements.placement import Placement
from placement.usecases.batches import Batch
from placement.usecases.groups.logging_changes import keep, must_be_a_reason
from placement.usecases.year_ports import GroupWork
from shared.kernel.actor import system
from shared.kernel.refusals import Conflict, Malformed, RuleViolated

_SERVICE = system("placement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Formation:
    """A group as the region wants it; ``reason`` explains a size that the policy does not want."""

    name: str
    participations: tuple[UUID, ...]
    reason: str | None = None


async def form_groups(work: GroupWork, formations: Sequence[Formation]) -> list[StudyGroup]:
    """Form groups of placed people of one session, all at once.

    Raises:
        Conflict: ``not-placed``; ``in-a-group`` for somebody who is in one.
        RuleViolated: ``group-mixed``, ``group-size``.
    """
    batch = Batch()
    wanted = [id for formation in formations for id in formation.participations]
    found = {placement.id: placement for placement in await work.placements.list(id=set(wanted))}
    taken = {member.participation for member in await work.memberships.list(participation=set(wanted), left_on=None)}
    groups: list[StudyGroup] = []
    seen: set[UUID] = set()
    for number, formation in enumerate(formations):
        people: list[Placement] = []
        for n, id in enumerate(formation.participations):
            with batch.at(number, f"participations/{n}"):
                people.append(_free(work, found.get(id), id in taken, id in seen))
            seen.add(id)
        if len(people) < len(formation.participations):
            continue
        with batch.at(number):
            groups.append(await _group(work, formation, people))
    batch.settle()
    return groups


def _free(work: GroupWork, placement: Placement | None, taken: bool, twice: bool) -> Placement:
    if placement is None:
        raise Malformed("unknown-participation", "There is no such person, or you may not see them.")
    work.authorise(placement.facets)
    placement.must_be_placed("D-01")
    if twice:
        raise Malformed("duplicate-item", "The list names this twice.")
    if taken:
        raise Conflict("in-a-group", "This person is in a group already.", rule="D-01")
    return placement


async def _group(work: GroupWork, formation: Formation, people: Sequence[Placement]) -> StudyGroup:
    first = people[0]
    if len({(each.session, each.programme, each.policy_version) for each in people}) > 1:
        raise RuleViolated("group-mixed", "The people of a group are of one session and programme.", rule="D-01")
    rules = await work.rules(first.programme, first.policy_version)
    group = StudyGroup(
        id=work.new_id(), region=work.actor.organisation, programme=first.programme,
        policy_version=first.policy_version, session=first.session, name=formation.name, size=len(people),
        smallest=0, largest=0, size_reason=formation.reason, formed_on=work.today,
    )  # fmt: skip
    group.must_fit(rules.year.groups)
    work.groups.add(group)
    for person in people:
        work.memberships.add(_member(work, group, person))
    keep(work, [GroupChanged(person.id, group.id, "joined", "formed") for person in people])
    return group


def _member(work: GroupWork, group: StudyGroup, person: Placement) -> Membership:
    return Membership(
        id=work.new_id(), group=group.id, participation=person.id, account=person.account,
        sending_unit=person.sending_unit, joined_on=work.today,
    )  # fmt: skip


async def add_member(work: GroupWork, id: UUID, participation: UUID, reason: str) -> StudyGroup:
    """One more person for a group of the same session."""
    placement = next(iter(await work.placements.list(id=participation)), None)
    group = await work.groups.get(id, target=True)
    work.authorise(group.facets)
    rules = await work.rules(group.programme, group.policy_version)
    must_be_a_reason(rules, reason)
    taken = await work.memberships.count(participation=participation, left_on=None)
    person = _free(work, placement, bool(taken), False)
    if (person.session, person.programme) != (group.session, group.programme):
        raise RuleViolated("group-mixed", "The people of a group are of one session and programme.", rule="D-01")
    member = _member(work, group, person)
    keep(work, [group.join(member, reason, by=work.actor)])
    work.memberships.add(member)
    return group


async def remove_member(work: GroupWork, id: UUID, participation: UUID, reason: str) -> StudyGroup:
    """One person less; a group without its leader waits for another, without anybody it is dissolved."""
    group = await work.groups.get(id, target=True)
    work.authorise(group.facets)
    must_be_a_reason(await work.rules(group.programme, group.policy_version), reason)
    members = await work.memberships.list(group=id, participation=participation, left_on=None)
    if not members:
        raise Conflict("not-a-member", "This person is not in the group.", rule="D-01")
    keep(work, group.leave(members[0], reason, work.today, by=work.actor, itself=_SERVICE))
    await _nothing_owed(work, [group])
    return group


async def dissolve_group(work: GroupWork, id: UUID, reason: str) -> StudyGroup:
    """End a group; reports that it still owes lapse."""
    group = await work.groups.get(id, target=True)
    work.authorise(group.facets)
    must_be_a_reason(await work.rules(group.programme, group.policy_version), reason)
    members = await work.memberships.list(group=id, left_on=None)
    keep(work, group.dissolve(members, reason, work.today, by=work.actor))
    await _nothing_owed(work, [group])
    return group


async def let_go(work: GroupWork, limit: int = 500) -> int:
    """Moved by the due clock: who is not placed any more leaves the group. Gives how many did."""
    ids = await work.members_gone(limit)
    members = await work.memberships.list(id=ids, left_on=None)
    groups = {group.id: group for group in await work.groups.list(id={member.group for member in members})}
    for member in members:
        group = groups[member.group]
        keep(work, group.leave(member, "placement-ended", work.today, by=work.actor, itself=_SERVICE))
    await _nothing_owed(work, groups.values())
    return len(members)


async def _nothing_owed(work: GroupWork, groups: Iterable[StudyGroup]) -> None:
    over = [group.id for group in groups if group.dissolved_on is not None]
    for report in await work.group_reports.list(group=over, state=GROUP_REPORT_OWED):
        report.lapse(by=_SERVICE)
