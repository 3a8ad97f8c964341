"""The member ``balancing`` of a selection policy as JSON Schema; optional, without it only the quota tree counts."""

from __future__ import annotations

from typing import Any

_CODE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"}
_LINE = {"type": "string", "minLength": 1, "maxLength": 400}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
_PERCENT = {"type": "integer", "minimum": 0, "maximum": 100}

BALANCING: dict[str, Any] = {
    "type": "object",
    "properties": {
        "nodes": {
            "type": "array",
            "maxItems": 200,
            "items": {
                "type": "object",
                "properties": {
                    "code": _CODE,
                    "match": {
                        "type": "object",
                        "additionalProperties": {"type": "array", "items": _CODE, "minItems": 1},
                    },
                    "min": _COUNT,
                    "max": _COUNT,
                    "min_percent": _PERCENT,
                    "max_percent": _PERCENT,
                    "session": _CODE,
                    "name_zh": _LINE,
                    "name_en": _LINE,
                },
                "required": ["code", "match"],
                "additionalProperties": False,
            },
        },
        "unit_cap": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
        "grassroots_years": {"type": "integer", "minimum": 0, "maximum": 60},
    },
    "additionalProperties": False,
}
