"""Conclude a panel: the mean of every candidate's sheets becomes their panel score (S-05)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.codes import Step
from selection.domain.panel.panel import Panel, mean
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, RuleViolated


async def conclude_panel(work: SelectionWork, panel_id: UUID, minutes: str | None) -> Panel:
    """Move every candidate before the panel on, with their mean.

    Raises:
        RuleViolated: ``sheets-missing`` (S-05) listing every candidate with too few sheets.
        Conflict: ``wrong-state`` when concluded already.
    """
    panel = await work.panels.get(panel_id, target=True)
    work.authorise(panel.facets)
    waiting = [
        each
        for each in await work.applications.list(session_id=panel.session_id, state=ApplicationState.LOCAL_APPROVED)
        + await work.applications.list(session_id=panel.session_id, state=ApplicationState.SUBMITTED)
        if panel.sees(each.form.specialty_group) and _reviewed(each)
    ]
    stood_aside: dict[UUID, set[str]] = defaultdict(set)
    for conflict in await work.conflicts.list(panel_id=panel.id):
        stood_aside[conflict.application_id].add(conflict.expert)
    totals: dict[UUID, list[Decimal]] = defaultdict(list)
    for sheet in await work.sheets.list(panel_id=panel.id):
        if sheet.expert not in stood_aside[sheet.application_id]:
            totals[sheet.application_id].append(sheet.total)
    findings = [
        Finding(
            "sheets-missing", f"Application {each.id} has {len(totals[each.id])} sheets.", "", "S-05",
            values={"application": str(each.id), "sheets": len(totals[each.id])},
        )
        for each in waiting
        if len(totals[each.id]) < panel.needed(len(stood_aside[each.id]))
    ]  # fmt: skip
    if findings:
        raise RuleViolated("sheets-missing", "Some candidates have too few sheets.", rule="S-05", findings=findings)
    panel.conclude(minutes, len(waiting), work.actor)
    for application in waiting:
        application.conclude_panel(mean(totals[application.id]), work.actor)
    return panel


def _reviewed(application: Application) -> bool:
    """A submitted application comes before the panel only where the call requires no local review."""
    return application.state is ApplicationState.LOCAL_APPROVED or Step.LOCAL_REVIEW not in application.required_steps
