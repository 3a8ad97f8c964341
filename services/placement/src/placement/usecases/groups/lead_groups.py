"""The region appoints leaders and lets groups begin; from then on group reports are due (D-01, D-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from placement.domain.groups.group import StudyGroup
from placement.domain.groups.reports import GroupReport
from placement.domain.policies import ReportRules
from placement.domain.reports import periods
from placement.usecases.batches import Batch
from placement.usecases.groups.logging_changes import keep, must_be_a_reason
from placement.usecases.year_ports import GroupWork
from shared.kernel.refusals import RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """Who leads a group from now on, and why by code."""

    group: UUID
    participation: UUID
    reason: str


async def appoint_leaders(
    work: GroupWork, appointments: Sequence[Appointment], *, alone: bool = False
) -> list[StudyGroup]:
    """Appoint or replace leaders; each is a member of the group.

    Raises:
        RuleViolated: ``leader-not-a-member``. Conflict: ``leads-already``. Malformed: ``unknown-reason``.
    """
    batch = Batch(alone=alone)
    ids = [appointment.group for appointment in appointments]
    groups = await batch.load(work.groups, ids, "group")
    people = {appointment.participation for appointment in appointments}
    members = {
        (member.group, member.participation): member
        for member in await work.memberships.list(participation=people, left_on=None)
    }
    for number, appointment in enumerate(appointments):
        with batch.at(number):
            group = groups[appointment.group]
            work.authorise(group.facets)
            must_be_a_reason(await work.rules(group.programme, group.policy_version), appointment.reason)
            group.lifecycle.next("appoint-leader", group.state, work.actor)
            member = members.get((group.id, appointment.participation))
            if member is None:
                raise RuleViolated("leader-not-a-member", "The leader is one of the group's members.", rule="D-01")
            keep(work, group.appoint(member, appointment.reason, by=work.actor))
    batch.settle()
    return [groups[id] for id in ids]


async def activate_groups(work: GroupWork, ids: Sequence[UUID], *, alone: bool = False) -> list[StudyGroup]:
    """Groups begin their work: their reports are due period by period until the last member's planned end.

    Raises:
        Conflict: ``wrong-state`` before a leader is appointed.
    """
    batch = Batch(alone=alone)
    groups = await batch.load(work.groups, ids, "group")
    for number, id in enumerate(ids):
        with batch.at(number):
            group = groups[id]
            work.authorise(group.facets)
            first_time = group.activated_on is None
            group.activate(work.today, by=work.actor)
            if first_time:
                await _reports_due(work, group)
    batch.settle()
    return [groups[id] for id in ids]


async def _reports_due(work: GroupWork, group: StudyGroup) -> None:
    rules = (await work.rules(group.programme, group.policy_version)).year.group_reports
    if rules is None:
        return
    members = await work.memberships.list(group=group.id, left_on=None)
    people = await work.placements.list(id=[member.participation for member in members])
    until = max(person.planned_end for person in people)
    spans = periods(work.today, until, ReportRules(rules.every_months, rules.due_days, rules.recipients))
    for number, covers_from, covers_to, due_on in spans:
        work.group_reports.add(
            GroupReport(
                id=work.new_id(), group=group.id, period=number, covers_from=covers_from, covers_to=covers_to,
                due_on=due_on,
            )
        )  # fmt: skip
