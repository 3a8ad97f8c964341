"""The members of ``placement.yaml`` about agreements, plans and pre-training (M-04, M-09 to M-11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from shared.kernel.refusals import Finding

_CODE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._:/-]*$", "maxLength": 120}
_BUILT_IN = ("trainee", "sending_unit", "host")
_SIDES = {"type": "array", "items": {"enum": ["host", "sending_unit"]}, "minItems": 1, "uniqueItems": True}
_AREAS = ("learning", "post", "assessment", "logistics")

AGREEMENT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "parties": {
            "type": "array",
            "minItems": 2,
            "maxItems": 10,
            "uniqueItems": True,
            "description": "M-04: who signs; a plain code is one of the three roles of every programme, and required",
            "items": {
                "anyOf": [
                    {"enum": list(_BUILT_IN)},
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["role"],
                        "properties": {
                            "role": _CODE,
                            "signs": {
                                "enum": ["account", "unit_officer", "host_officer", "regional_officer",
                                         "ministry_officer"],
                                "description": "the trainee, or which officer of the organisation",
                            },
                            "required": {"type": "boolean"},
                            "order": {"type": "integer", "minimum": 1, "maximum": 20,
                                      "description": "who has a lower number signs first"},
                            "most": {"type": "integer", "minimum": 1, "maximum": 10,
                                     "description": "how many may stand in this role at once"},
                            "shares": {"type": "boolean",
                                       "description": "each has a share in whole percents; they sum to 100"},
                        },
                    },
                ]
            },
        },
        "responsibilities": {
            "type": "object",
            "additionalProperties": False,
            "description": "M-10: who answers for what, where the agreement says nothing else",
            "properties": {
                "required": {"type": "boolean"},
                "by_area": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": list(_AREAS),
                    "properties": dict.fromkeys(_AREAS, _SIDES),
                },
            },
        },
    },
}  # fmt: skip

PLAN: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "aims": {
            "type": "array",
            "items": {"enum": ["innovation", "practical_ability"]},
            "uniqueItems": True,
            "description": "M-09: what every plan names outcomes for",
        }
    },
}

PRE_TRAINING: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "excuses": {"type": "array", "items": _CODE, "uniqueItems": True, "description": "M-11: coded reasons"},
        "excused_may_leave": {
            "type": "boolean",
            "description": "whether somebody excused counts as trained where the arrival requires pre_training",
        },
    },
}


def agreement_problems(content: Mapping[str, Any]) -> list[Finding]:
    """What the schema cannot say: a role twice, a role of its own without who signs, fixed roles signed by others."""
    member = content.get("agreement")
    listed = member.get("parties") if isinstance(member, Mapping) else None
    if not isinstance(listed, list) or not all(
        isinstance(each, str) or (isinstance(each, Mapping) and isinstance(each.get("role"), str)) for each in listed
    ):
        return []
    parties: list[Any] = listed
    roles = [each if isinstance(each, str) else each["role"] for each in parties]
    counted = Counter(roles)
    found = []
    fixed = {"trainee": "account", "sending_unit": "unit_officer", "host": "host_officer"}
    for number, (role, each) in enumerate(zip(roles, parties, strict=True)):
        pointer = f"/agreement/parties/{number}"
        if counted[role] > 1:
            found.append(Finding("role-twice", f"The role {role} is defined twice.", f"{pointer}/role"))
        if isinstance(each, str):
            continue
        signs = each.get("signs")
        if role not in fixed and signs in (None, "account"):
            found.append(Finding("signer-missing", f"Say which officer signs for {role}.", f"{pointer}/signs"))
        if role in fixed and signs not in (None, fixed[role]):
            found.append(Finding("signer-wrong", f"For {role} signs: {fixed[role]}.", f"{pointer}/signs"))
        if role in ("trainee", "sending_unit") and each.get("most", 1) > 1:
            found.append(Finding("one-only", f"There is one {role}.", f"{pointer}/most"))
    return found
