"""Shapes of the policy members about appeals and the composition that may be counted; both may be left out."""

from __future__ import annotations

from typing import Any

_LINE = {"type": "string", "minLength": 1, "maxLength": 400}
_CODE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"}
_DAYS = {"type": "integer", "minimum": 1, "maximum": 366}
_CELL = {
    "type": "object",
    "properties": {
        "code": _CODE, "name_zh": _LINE, "name_bo": _LINE, "name_en": _LINE, "counts": {"type": "boolean"},
    },
    "required": ["code", "name_en", "name_zh"],
    "additionalProperties": False,
}  # fmt: skip

RIGHTS: dict[str, Any] = {
    "appeals": {
        "type": "object",
        "properties": {
            "file_within_days": _DAYS, "decide_within_days": _DAYS, "document": _LINE, "clause": _LINE,
        },
        "required": ["clause", "decide_within_days", "document", "file_within_days"],
        "additionalProperties": False,
    },
    "composition": {
        "type": "object",
        "properties": {
            "rule": _CODE,
            "share": {"type": "integer", "minimum": 1, "maximum": 99},
            "k": {"type": "integer", "minimum": 10, "maximum": 1000},
            "cells": {"type": "array", "items": _CELL, "minItems": 2, "maxItems": 60},
        },
        "required": ["cells", "k", "rule", "share"],
        "additionalProperties": False,
    },
}  # fmt: skip
