"""Convene a panel of experts for a session (S-05)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from selection.domain.panel.assignment import Member
from selection.domain.panel.panel import Panel
from selection.domain.policy.policy import Policy
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, Malformed


async def form_panel(
    work: SelectionWork,
    session_id: UUID,
    name: str,
    experts: Sequence[str],
    specialty_groups: Sequence[str],
    members: Sequence[Member] = (),
    chair: str | None = None,
) -> Panel:
    """Name the experts and the specialty groups whose candidates they see.

    Raises:
        NotFound: ``session-not-found``.
        Malformed: ``bad-panel`` for a double or unknown expert, an unknown group or unit, fewer experts than the quorum.
    """
    session = await work.readings.session(session_id)
    policy = await work.readings.policy(session.programme, session.policy_version)
    findings = [
        Finding("unknown-code", "The policy has no such specialty group.", f"/specialty_groups/{n}")
        for n, group in enumerate(specialty_groups)
        if group not in policy.specialty_groups
    ]
    if len(set(experts)) != len(experts):
        findings.append(Finding("expert-twice", "Name each expert once.", "/experts"))
    findings += [
        Finding("unknown-expert", f"'{each.account}' does not sit on this panel.", f"/members/{n}/account", "S-05")
        for n, each in enumerate(members)
        if each.account not in experts
    ]
    if chair is not None and chair not in experts:
        findings.append(Finding("unknown-expert", "The chair does not sit on this panel.", "/chair", "S-05"))
    if len({each.account for each in members}) != len(members):
        findings.append(Finding("expert-twice", "Name each expert once.", "/members"))
    if len(experts) < max(policy.panel.experts_present, policy.panel.sheets_kept):
        findings.append(Finding("too-few-experts", "The policy's quorum needs more experts.", "/experts", "S-05"))
    findings += await member_findings(work, policy, members, "/members")
    if findings:
        raise Malformed("bad-panel", "The panel cannot be formed like this.", findings=findings)
    panel = Panel(
        id=work.new_id(), session_id=session.id, name=name, experts=list(experts), specialty_groups=list(specialty_groups),
        sheets_required=policy.sheets_required, criteria=list(policy.criteria), members=list(members), chair=chair,
        seed=work.new_id().hex,
    )  # fmt: skip
    work.panels.add(panel)
    return panel


async def member_findings(
    work: SelectionWork, policy: Policy, members: Sequence[Member], pointer: str
) -> list[Finding]:
    """What is wrong with members: groups that the policy lacks, units that nobody registered."""
    units = await work.readings.organisations({each.unit for each in members if each.unit})
    findings = []
    for n, member in enumerate(members):
        place = f"{pointer}/{n}" if pointer else "/member"
        findings += [
            Finding("unknown-code", "The policy has no such specialty group.", f"{place}/specialty_groups/{k}")
            for k, group in enumerate(member.specialty_groups)
            if group not in policy.specialty_groups
        ]
        if member.unit and member.unit not in units:
            findings.append(Finding("unknown-unit", "There is no such unit.", f"{place}/unit"))
    return findings
