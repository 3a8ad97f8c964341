"""Conclude a panel: quorum, calibrated means, flagged outliers, minutes signed off (S-05, P-11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.panel.assigned import AssignmentState
from selection.domain.panel.calibration import Given, Mean, expert_shifts, means_of, rounded
from selection.domain.panel.deliberation import Deliberation, PanelResult, lines_of, minutes_of
from selection.domain.panel.panel import Panel
from selection.domain.policy.policy import PanelRules
from selection.usecases.deliberating.assign_candidates import barred_experts, declared_conflicts, waiting_candidates
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, Malformed, RuleViolated


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the chair states: the text, who was there (None: whoever handed in a sheet), what was said of whom."""

    text: str | None = None
    attendance: tuple[str, ...] | None = None
    deliberations: tuple[Deliberation, ...] = ()


async def conclude_panel(work: SelectionWork, panel_id: UUID, stated: Conclusion) -> Panel:
    """Move every candidate before the panel on, with their mean, and sign the minutes off.

    Raises:
        Conflict: ``wrong-state`` when concluded already. Forbidden: ``not-the-chair``.
        Malformed: ``bad-minutes`` for attendance or deliberations of people who are not before or on the panel.
        RuleViolated: ``sheets-missing``, ``quorum-missing``, ``deliberation-missing`` or several as ``panel-not-ready``.
    """
    panel = await work.panels.get(panel_id, target=True)
    work.authorise(panel.facets)
    panel.conclude(stated.text, work.actor)
    session = await work.readings.session(panel.session_id)
    policy = await work.readings.policy(session.programme, session.policy_version)
    waiting = await waiting_candidates(work, panel)
    declared = await declared_conflicts(work, panel)
    barred = {each.id: barred_experts(panel, each, declared) for each in waiting}
    sheets = [
        Given(each.expert, each.application_id, each.total)
        for each in await work.sheets.list(panel_id=panel.id)
        if each.application_id in barred and each.expert not in barred[each.application_id]
    ]
    needed = await _needed(work, panel, waiting, barred, policy.panel.sheets_kept)
    present = tuple(sorted(set(stated.attendance or (each.expert for each in sheets))))
    _check_statement(panel, waiting, stated)
    shifts = {} if policy.panel.calibration == "none" else expert_shifts(sheets, policy.panel.calibration_limit)
    means = means_of(sheets, shifts)
    said = {each.application: each for each in stated.deliberations}
    _check_quorum(policy.panel, waiting, needed, means, said, present)
    results = [_result(work.new_id(), panel, each, means[each.id], said.get(each.id), policy.panel) for each in waiting]
    for application, result in zip(waiting, results, strict=True):
        work.panel_results.add(result)
        application.conclude_panel(result.calibrated_mean, result.raw_mean, work.actor)
    panel.concluded_count = len(waiting)
    content = {
        "panel": str(panel.id), "name": panel.name, "session": str(panel.session_id), "policy_version": policy.version,
        "concluded_at": work.now.isoformat(), "chair": panel.chair, "signed_by": work.actor.subject,
        "attendance": list(present), "absent": sorted(set(panel.experts) - set(present)),
        "quorum": {"experts": policy.panel.experts_present, "sheets": policy.panel.sheets_kept},
        "stood_aside": sorted([str(id), expert] for id, experts in barred.items() for expert in experts),
        "replacements": [[each.out, each.member, each.reason] for each in panel.replacements],
        "calibration": _calibration(policy.panel, shifts), "candidates": lines_of(results), "text": stated.text,
    }  # fmt: skip
    work.panel_minutes.add(minutes_of(work.new_id(), panel.id, content, work.actor.subject, work.now))
    return panel


async def _needed(
    work: SelectionWork, panel: Panel, waiting: Sequence[Application], barred: Mapping[UUID, set[str]], kept: int
) -> dict[UUID, int]:
    """Sheets each candidate needs: what the policy wants, fewer where experts stand aside, never below its quorum."""
    experts: dict[UUID, int] = {each.id: len(set(panel.experts) - barred[each.id]) for each in waiting}
    if panel.assigned:
        assigned: dict[UUID, int] = defaultdict(int)
        for each in await work.assignments.list(panel_id=panel.id, state=AssignmentState.ASSIGNED):
            assigned[each.application_id] += 1
        experts = {each.id: assigned[each.id] for each in waiting}
    return {id: max(kept, 1, min(panel.sheets_required, count)) for id, count in experts.items()}


def _check_statement(panel: Panel, waiting: Sequence[Application], stated: Conclusion) -> None:
    before = {each.id for each in waiting}
    findings = [
        Finding("unknown-expert", f"'{account}' does not sit on this panel.", f"/attendance/{n}", "S-05")
        for n, account in enumerate(stated.attendance or ())
        if account not in panel.experts
    ] + [
        Finding("not-found", "There is no such candidate before this panel.", f"/deliberations/{n}/application", "S-05")
        for n, each in enumerate(stated.deliberations)
        if each.application not in before
    ]
    if findings:
        raise Malformed("bad-minutes", "The minutes name somebody who is not there.", findings=findings)


def _check_quorum(
    rules: PanelRules,
    waiting: Sequence[Application],
    needed: Mapping[UUID, int],
    means: Mapping[UUID, Mean],
    said: Mapping[UUID, Deliberation],
    present: Sequence[str],
) -> None:
    findings, concerned = [], []
    if waiting and len(present) < rules.experts_present:
        findings.append(
            Finding(
                "quorum-missing", f"{len(present)} of {rules.experts_present} experts are present.", "/attendance", "S-05",
                values={"present": len(present), "needed": rules.experts_present},
            )
        )  # fmt: skip
    for each in waiting:
        mean, want = means.get(each.id), needed[each.id]
        have = mean.sheets if mean else 0
        note = said[each.id].note if each.id in said else None
        if have < want:
            concerned.append(str(each.id))
            findings.append(
                Finding(
                    "sheets-missing", f"Application {each.id} has {have} of {want} sheets.", "", "S-05",
                    f"申请 {each.id} 有评分表 {have} 份，需要 {want} 份。",
                )
            )  # fmt: skip
        elif mean and rules.spread_limit is not None and mean.spread > rules.spread_limit and not (note or "").strip():
            concerned.append(str(each.id))
            findings.append(
                Finding(
                    "deliberation-missing", f"The sheets of application {each.id} lie {mean.spread} points apart: say what "
                    "was deliberated.", "/deliberations", "S-05", f"申请 {each.id} 的评分相差 {mean.spread} 分，须写明评议情况。",
                )
            )  # fmt: skip
    if not findings:
        return
    codes = {each.code for each in findings}
    code = codes.pop() if len(codes) == 1 else "panel-not-ready"
    raise RuleViolated(
        code, "The panel cannot be concluded yet.", rule="S-05", findings=findings, applications=concerned,
        present=len(present), needed=rules.experts_present,
    )  # fmt: skip


def _result(
    id: UUID, panel: Panel, application: Application, mean: Mean, said: Deliberation | None, rules: PanelRules
) -> PanelResult:
    return PanelResult(
        id=id, panel_id=panel.id, application_id=application.id, sheets=mean.sheets, raw_mean=mean.raw,
        calibrated_mean=mean.calibrated, spread=mean.spread,
        flagged=rules.spread_limit is not None and mean.spread > rules.spread_limit,
        opinion=said.opinion if said else None, note=said.note if said else None,
    )  # fmt: skip


def _calibration(rules: PanelRules, shifts: Mapping[str, Fraction]) -> dict[str, Any]:
    return {
        "method": rules.calibration,
        "limit": str(rules.calibration_limit),
        "shifts": {expert: str(rounded(shift)) for expert, shift in sorted(shifts.items())},
    }
