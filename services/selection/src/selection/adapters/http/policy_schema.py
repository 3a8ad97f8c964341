"""The JSON Schema of a selection policy, complete and as a change of a predecessor (P-08)."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from selection.adapters.http.policy_balancing import BALANCING
from selection.adapters.http.policy_places import PLACES, RESERVE
from selection.adapters.http.policy_terms import RIGHTS
from selection.adapters.http.schema_words import (
    CODE,
    COUNT,
    DAY,
    DIRECTION,
    LINE,
    NAMED,
    NAMES,
    PERCENT,
    POINTS,
    SEATS,
    TERM,
    an_object,
    check_against,
    rows_of,
)
from selection.domain.codes import ReviewRoute, Step, UnitClass
from selection.domain.eligibility.rules import Modality
from selection.domain.panel.calibration import CALIBRATIONS
from shared.kernel.actor import Role

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

_NODES = rows_of(
    {
        "code": CODE,
        "min": COUNT,
        "max": COUNT,
        "match": {"type": "object", "additionalProperties": {"type": "array", "items": CODE, "minItems": 1}},
    },
    {"parent": CODE, "name_zh": LINE, "name_en": LINE},
)
_COMPLETE = an_object(
    {
        "programme": CODE,
        "version": CODE,
        "direction": DIRECTION,
        "term": TERM,
        "steps": {"type": "array", "items": {"enum": list(Step)}, "uniqueItems": True},
        "codes": an_object(
            {
                "specialty_groups": rows_of(NAMED, NAMES),
                "specialties": rows_of(NAMED | {"group": CODE}, NAMES | {"shortage": {"type": "boolean"}}),
                "study_directions": rows_of(NAMED, NAMES),
                "focus_areas": rows_of(NAMED, NAMES),
                "rejection_reasons": rows_of(NAMED | {"clause": LINE}, NAMES),
                "withdrawal_reasons": rows_of(NAMED, NAMES),
            },
            {
                "unit_categories": rows_of(NAMED, NAMES | {"units": COUNT}),
                "position_classes": rows_of(NAMED, NAMES),
                "competences": rows_of(NAMED, NAMES),
                "destinations": rows_of(NAMED, NAMES),
                "tiers": rows_of(NAMED | {"profile": CODE}, NAMES),
            },
        ),
        "routing": rows_of({"unit_class": {"enum": list(UnitClass)}, "reviewed_by": {"enum": list(ReviewRoute)}}),
        "profiles": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": "array", "items": CODE, "uniqueItems": True},
        },
        "rules": rows_of(
            {
                "id": CODE,
                "modality": {"enum": list(Modality)},
                "document": LINE,
                "clause": LINE,
                "message_zh": LINE,
                "message_en": LINE,
            },
            {
                "predicate": {"type": "object"},
                "relaxes": CODE,
                "waiver_role": {"enum": [Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER]},
                "weight": {"type": "string", "pattern": r"^\d{1,2}(\.\d{1,2})?$"},
                "share": PERCENT,
                "effective_from": DAY,
                "effective_to": DAY,
            },
        ),
        "reserve": an_object(
            {"size": COUNT, "replacement_until_days": {"type": "integer", "minimum": -366, "maximum": 366}},
            RESERVE,
        ),
        "correction": an_object({"days": {"type": "integer", "minimum": 1, "maximum": 366}}),
    },
    {
        "sessions": rows_of(
            {"code": CODE},
            {"planned_start": DAY, "quota_nodes": _NODES, "direction": DIRECTION, "term": TERM},
        ),
        "quota_nodes": _NODES,
        "balancing": BALANCING,
        "attestation": an_object({"keep_days": {"type": "integer", "minimum": 0, "maximum": 3660}}),
        "panel": an_object(
            {
                "sheets_required": {"type": "integer", "minimum": 1, "maximum": 50},
                "criteria": rows_of(NAMED | {"weight": {"type": "integer", "minimum": 1, "maximum": 100}}, NAMES),
            },
            {
                "quorum": an_object({}, {"experts": SEATS, "sheets": SEATS}),
                "calibration": {"enum": list(CALIBRATIONS)},
                "calibration_limit": POINTS,
                "spread_limit": POINTS,
            },
        ),
        "import": an_object(
            {
                "allowed_for": {
                    "type": "array",
                    "items": {"enum": [Role.UNIT_OFFICER, Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER]},
                    "uniqueItems": True,
                },
                "arrives_as": {"enum": ["draft", "submitted"]},
            }
        ),
    }
    | PLACES
    | RIGHTS,
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
    schema["properties"]["inherits"] = CODE
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


def check_policy(content: dict[str, Any]) -> None:
    """Refuse a policy that does not have the published shape. Raises ``Malformed`` ``bad-policy``."""
    check_against(_validator(), content, "bad-policy", "The policy does not have the published shape.")


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # heavy: when the first one is checked

    return Draft202012Validator(POLICY_SCHEMA)
