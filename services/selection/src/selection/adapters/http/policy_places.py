"""The members of a selection policy about places over time, as JSON Schema; all optional, with defaults."""

from __future__ import annotations

from typing import Any

from selection.domain.policy.places import Confirmation, SeatRule, Stage
from shared.kernel.actor import Role

_DAYS = {"type": "integer", "minimum": 1, "maximum": 366}
_FROM_START = {"type": "integer", "minimum": -1500, "maximum": 1500}
_LEAVERS = [Role.APPLICANT, Role.UNIT_OFFICER, Role.REGIONAL_OFFICER]
DUE = (
    "recommendation", "local_review", "sheets", "classification", "balancing", "fixing", "filing", "acknowledgement",
)  # fmt: skip
"""Obligations whose days a policy may state."""

RESERVE: dict[str, Any] = {"confirmation": {"enum": list(Confirmation)}, "answer_days": _DAYS}
"""Further members of ``reserve``."""

PLACES: dict[str, Any] = {
    "seats": {
        "type": "object",
        "properties": {"taken": {"enum": list(SeatRule)}, "hold_days": _DAYS},
        "required": ["taken"],
        "additionalProperties": False,
    },
    "leaving": {
        "type": "array",
        "maxItems": len(Stage),
        "items": {
            "type": "object",
            "properties": {
                "stage": {"enum": list(Stage)},
                "by": {"type": "array", "items": {"enum": _LEAVERS}, "uniqueItems": True},
                "until_days": _FROM_START,
                "replacement": {"type": "boolean"},
            },
            "required": ["stage"],
            "additionalProperties": False,
        },
    },
    "deadlines": {
        "type": "object",
        "properties": dict.fromkeys((*DUE, "escalation"), _DAYS),
        "additionalProperties": False,
    },
}
"""Further members of a policy."""
