"""Leaders hand group reports in; region and sending units take note of them (D-02)."""

from __future__ import annotations

from uuid import UUID

from placement.domain.groups.group import StudyGroup
from placement.domain.groups.reports import GroupReport
from placement.usecases.year_ports import GroupWork
from shared.kernel.actor import Facets, Role, system
from shared.kernel.refusals import Conflict

_SERVICE = system("placement")


async def submit_group_report(
    work: GroupWork, id: UUID, text: str, reference: str | None, sha256: str | None
) -> GroupReport:
    """Hand in the report of the group that the caller leads.

    Raises:
        RuleViolated: ``report-too-early``. Conflict: ``wrong-state``, ``group-not-active``.
    """
    report = await work.group_reports.get(id, target=True)
    group = await work.groups.get(report.group)
    work.authorise(group.facets)
    report.lifecycle.next("submit", report.state, work.actor)
    if group.activated_on is None or group.dissolved_on is not None:
        raise Conflict("group-not-active", "The group is not at work.", rule="D-01")
    report.submit(text, reference, sha256, await _recipients(work, group), on=work.today, by=work.actor)
    return report


async def _recipients(work: GroupWork, group: StudyGroup) -> list[str]:
    rules = (await work.rules(group.programme, group.policy_version)).year.group_reports
    named = rules.recipients if rules else ("region",)
    members = await work.memberships.list(group=group.id, left_on=None)
    units = sorted({member.sending_unit for member in members}) if "sending_unit" in named else []
    return [*([group.region] if "region" in named else []), *units]


async def acknowledge_group_report(work: GroupWork, id: UUID) -> GroupReport:
    """Take note of a group report for the caller's office. Raises ``Conflict`` ``acknowledged-already``."""
    report = await _received(work, id)
    report.acknowledge(on=work.today, by=work.actor, itself=_SERVICE)
    return report


async def return_group_report(work: GroupWork, id: UUID, reason: str) -> GroupReport:
    """Ask the leader for a better report; all recipients read the next one anew."""
    report = await _received(work, id)
    report.send_back(reason, by=work.actor)
    return report


async def _received(work: GroupWork, id: UUID) -> GroupReport:
    """The report, for an office that it is addressed to."""
    report = await work.group_reports.get(id, target=True)
    group = await work.groups.get(report.group)
    mine = work.actor.organisation
    if work.actor.has(Role.UNIT_OFFICER) and mine in report.recipients:
        work.authorise(Facets(unit=mine))
    else:
        work.authorise(group.facets)
    return report


async def mark_group_reports_overdue(work: GroupWork, limit: int = 500) -> int:
    """Moved by the due clock: group reports whose due date has passed become overdue. Gives how many did."""
    late = await work.group_reports_due_before(work.today, limit)
    for report in late:
        report.mark_overdue(by=_SERVICE)
    return len(late)
