"""The JSON Schema of a selection policy, complete and as a change of a predecessor (P-08)."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator

from selection.adapters.http.policy_places import PLACES, RESERVE
from selection.domain.codes import ReviewRoute, Step, UnitClass
from selection.domain.eligibility.rules import Modality
from shared.kernel.actor import Role
from shared.kernel.refusals import Finding, Malformed

_CODE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"}
_LINE = {"type": "string", "minLength": 1, "maxLength": 400}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_NAMES = {"name_zh": _LINE, "name_bo": _LINE, "name_en": _LINE}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": sorted(required),
        "additionalProperties": False,
    }


def _rows(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "array", "items": _object(required, optional), "maxItems": 2000}


_NAMED = {"code": _CODE, "name_zh": _LINE, "name_en": _LINE}
_NODES = _rows(
    {
        "code": _CODE,
        "min": _COUNT,
        "max": _COUNT,
        "match": {"type": "object", "additionalProperties": {"type": "array", "items": _CODE, "minItems": 1}},
    },
    {"parent": _CODE, "name_zh": _LINE, "name_en": _LINE},
)
_COMPLETE = _object(
    {
        "programme": _CODE,
        "version": _CODE,
        "direction": {"enum": ["outbound", "inbound"]},
        "term": {"type": "string", "pattern": r"^P(\d{1,2}Y)?(\d{1,2}M)?$"},
        "steps": {"type": "array", "items": {"enum": list(Step)}, "uniqueItems": True},
        "codes": _object(
            {
                "specialty_groups": _rows(_NAMED, _NAMES),
                "specialties": _rows(_NAMED | {"group": _CODE}, _NAMES | {"shortage": {"type": "boolean"}}),
                "study_directions": _rows(_NAMED, _NAMES),
                "focus_areas": _rows(_NAMED, _NAMES),
                "rejection_reasons": _rows(_NAMED | {"clause": _LINE}, _NAMES),
                "withdrawal_reasons": _rows(_NAMED, _NAMES),
            }
        ),
        "routing": _rows({"unit_class": {"enum": list(UnitClass)}, "reviewed_by": {"enum": list(ReviewRoute)}}),
        "profiles": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": "array", "items": _CODE, "uniqueItems": True},
        },
        "rules": _rows(
            {
                "id": _CODE,
                "modality": {"enum": list(Modality)},
                "document": _LINE,
                "clause": _LINE,
                "message_zh": _LINE,
                "message_en": _LINE,
            },
            {
                "predicate": {"type": "object"},
                "relaxes": _CODE,
                "waiver_role": {"enum": [Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER]},
                "weight": {"type": "string", "pattern": r"^\d{1,2}(\.\d{1,2})?$"},
                "share": {"type": "integer", "minimum": 0, "maximum": 100},
            },
        ),
        "panel": _object(
            {
                "sheets_required": {"type": "integer", "minimum": 1, "maximum": 50},
                "criteria": _rows(_NAMED | {"weight": {"type": "integer", "minimum": 1, "maximum": 100}}, _NAMES),
            }
        ),
        "reserve": _object(
            {"size": _COUNT, "replacement_until_days": {"type": "integer", "minimum": -366, "maximum": 366}},
            RESERVE,
        ),
        "correction": _object({"days": {"type": "integer", "minimum": 1, "maximum": 366}}),
    },
    PLACES
    | {
        "sessions": _rows({"code": _CODE, "planned_start": _DAY, "quota_nodes": _NODES}),
        "import": _object(
            {
                "allowed_for": {
                    "type": "array",
                    "items": {"enum": [Role.UNIT_OFFICER, Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER]},
                    "uniqueItems": True,
                },
                "arrives_as": {"enum": ["draft", "submitted"]},
            }
        ),
    },
)


def _as_change(schema: Any) -> Any:
    """The same shape with nothing required but the keys of rows, and ``remove`` for rows that fall away."""
    changed = copy.deepcopy(schema)
    if isinstance(changed, dict):
        changed = {name: _as_change(value) for name, value in changed.items()}
        properties = changed.get("properties")
        if isinstance(properties, dict):
            keys = [key for key in ("id", "code", "unit_class", "stage") if key in changed.get("required", ())]
            changed["required"] = keys
            if keys:
                properties["remove"] = {"const": True}
    return changed


def _change() -> dict[str, Any]:
    schema: dict[str, Any] = _as_change(_COMPLETE)
    schema["properties"]["inherits"] = _CODE
    schema["required"] = ["inherits", "programme", "version"]
    return schema


POLICY_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Selection policy of one version of a programme",
    "if": {"type": "object", "required": ["inherits"]},
    "then": {"$ref": "#/$defs/change"},
    "else": {"$ref": "#/$defs/complete"},
    "$defs": {"complete": _COMPLETE, "change": _change()},
}
"""Published at ``GET /v1/selection/policies/schema``."""

PROGRAMME_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A programme with one of its batches",
} | _object(
    {
        "programme": _CODE,
        "kind": {"enum": ["special_training", "two_way_secondment", "short_class", "talent_support", "expert_mission"]},
        "direction": {"enum": ["outbound", "inbound"]},
        "name_zh": _LINE,
        "name_en": _LINE,
        "policy_documents": _rows(
            {"number": _LINE},
            {
                "title_zh": _LINE,
                "year": {"type": "integer"},
                "issuers_count": _COUNT,
                "disclosure_class": {"enum": ["public", "on_application", "closed"]},
            },
        ),
        "batch": _object(
            {
                "code": _CODE,
                "number": _COUNT,
                "first_year": {"type": "integer"},
                "target": _COUNT,
                "sessions": _rows({"session": _CODE, "quota": {"type": "integer", "minimum": 1, "maximum": 1_000_000}}),
            },
            {"last_year": {"type": "integer"}, "expert_missions": _COUNT, "expert_missions_per_year": _COUNT},
        ),
    },
    {"name_bo": _LINE, "lead_ministry": _LINE, "regional_authority": _LINE},
)
"""Published at ``GET /v1/selection/programmes/schema``."""


def check_policy(content: dict[str, Any]) -> None:
    """Refuse a policy that does not have the published shape. Raises ``Malformed`` ``bad-policy``."""
    _check(_validator("policy"), content, "bad-policy", "The policy does not have the published shape.")


def check_programme(content: dict[str, Any]) -> None:
    """Refuse a programme that does not have the published shape. Raises ``Malformed`` ``bad-programme``."""
    _check(_validator("programme"), content, "bad-programme", "The programme does not have the published shape.")


@lru_cache(maxsize=2)
def _validator(which: str) -> Draft202012Validator:
    return Draft202012Validator(POLICY_SCHEMA if which == "policy" else PROGRAMME_SCHEMA)


def _check(validator: Draft202012Validator, content: dict[str, Any], code: str, sentence: str) -> None:
    findings = [
        Finding("shape", error.message[:300], "".join(f"/{step}" for step in error.absolute_path))
        for error in sorted(validator.iter_errors(content), key=lambda error: list(map(str, error.absolute_path)))
    ]
    if findings:
        raise Malformed(code, sentence, findings=findings[:100])
