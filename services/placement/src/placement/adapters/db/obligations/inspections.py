"""Obligations of inspections: what is planned only the inspecting side hears of; what was found the host puts right."""

from __future__ import annotations

from typing import Any

from placement.adapters.db.obligations.source import Source, source
from placement.adapters.db.tables import inspection
from placement.domain.inspections.inspection import InspectionState
from shared.kernel.actor import Role

_INSPECTORS = frozenset({Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR})
_WHICH: dict[str, Any] = {
    "unit": inspection.c.region,
    "session": inspection.c.session,
    "programme": inspection.c.programme,
    "policy_version": inspection.c.policy_version,
}

INSPECTIONS: list[Source] = [
    source(
        "conduct-inspection",
        inspection,
        owed_by="region",
        due_on=inspection.c.planned_on,
        where=inspection.c.state == InspectionState.PLANNED,
        of_placement=False,
        seen_by=_INSPECTORS,
        **_WHICH,
    ),
    source(
        "answer-findings",
        inspection,
        owed_by="host",
        due_on=inspection.c.due_on,
        where=inspection.c.state.in_((InspectionState.FINDINGS, InspectionState.RECTIFYING))
        & inspection.c.due_on.is_not(None),
        of_placement=False,
        seen_by=_INSPECTORS | {Role.HOST_OFFICER},
        host=inspection.c.host,
        **_WHICH,
    ),
]
"""Every kind of obligation that an inspection brings."""
