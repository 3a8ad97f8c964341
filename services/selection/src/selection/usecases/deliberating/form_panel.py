"""Convene a panel of experts for a session (S-05)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from selection.domain.panel.panel import Panel
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, Malformed


async def form_panel(
    work: SelectionWork, session_id: UUID, name: str, experts: Sequence[str], specialty_groups: Sequence[str]
) -> Panel:
    """Name the experts and the specialty groups whose candidates they see.

    Raises:
        NotFound: ``session-not-found``.
        Malformed: ``bad-panel`` for a double expert or an unknown group.
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
    if findings:
        raise Malformed("bad-panel", "The panel cannot be formed like this.", findings=findings)
    panel = Panel(
        id=work.new_id(), session_id=session.id, name=name, experts=list(experts), specialty_groups=list(specialty_groups),
        sheets_required=policy.sheets_required, criteria=list(policy.criteria),
    )  # fmt: skip
    work.panels.add(panel)
    return panel
