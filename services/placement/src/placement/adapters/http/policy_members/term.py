"""Deadlines, escalation and the sector departments' tasks in ``placement.yaml``."""

from __future__ import annotations

from typing import Any

from placement.adapters.db.obligations.escalating import OFFICES
from placement.domain.sectors import BASES

_CODE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._:/-]*$", "maxLength": 120}

TERM_MEMBERS: dict[str, Any] = {
    "deadlines": {
        "type": "object",
        "description": "kind of obligation → days after it arose until it is overdue",
        "propertyNames": _CODE,
        "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 400},
    },
    "escalation": {
        "type": "array",
        "description": "who hears of an obligation some days after its last day; the order is the order of the steps",
        "maxItems": 10,
        "items": {
            "type": "object",
            "properties": {
                "after_days": {"type": "integer", "minimum": 1, "maximum": 400},
                "to": {"enum": list(OFFICES)},
                "kinds": {"type": "array", "items": _CODE, "minItems": 1, "description": "only these kinds"},
            },
            "required": ["after_days", "to"],
            "additionalProperties": False,
        },
    },
    "sector_tasks": {
        "type": "array",
        "description": "M-02: what the department of the host's sector does for every confirmed placement",
        "maxItems": 30,
        "items": {
            "type": "object",
            "properties": {
                "code": _CODE,
                "from": {"enum": list(BASES)},
                "days": {"type": "integer", "minimum": -400, "maximum": 400, "description": "before or after that day"},
            },
            "required": ["code", "from", "days"],
            "additionalProperties": False,
        },
    },
}
"""Member → its schema."""
