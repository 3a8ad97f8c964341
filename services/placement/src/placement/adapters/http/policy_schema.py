"""The JSON Schema of ``placement.yaml``, published so that a policy can be checked before it is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from placement.adapters.http.pairing_schema import PAIRINGS
from placement.adapters.http.policy_members.term import TERM_MEMBERS
from placement.adapters.http.policy_schema_classes import CLASS, MISSION, class_findings
from placement.adapters.http.policy_year import YEAR_MEMBERS, year_findings
from placement.adapters.http.preparing_schema import AGREEMENT, PLAN, PRE_TRAINING, agreement_problems
from placement.domain.pairing.schemes import problems
from shared.kernel.refusals import Finding, Malformed

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

_CODE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._:/-]*$", "maxLength": 120}
_CODES = {"type": "array", "items": _CODE, "minItems": 1, "uniqueItems": True}
_DAY_OF_YEAR = {"type": "string", "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}


def _days(most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "maximum": most}


def _points() -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "maximum": 100}


def _list_of_points() -> dict[str, Any]:
    return {"type": "array", "items": _points(), "maxItems": 20}


def _record(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members, "additionalProperties": False}


_MEMBERS: dict[str, Any] = {
    "specialties": {
        "type": "object",
        "description": "specialty group → its specialties",
        "propertyNames": _CODE,
        "additionalProperties": _CODES,
        "minProperties": 1,
    },
    "matching": _record(
        method={"enum": ["stable", "welfare"], "description": "no blocking pair, or the greatest total fit"},
        beyond_wishes={"type": "boolean", "description": "false: nobody is proposed to an unwished host"},
        weights={
            **_record(specialty=_points(), group=_points(), wishes=_list_of_points(), priorities=_list_of_points()),
            "description": "points that welfare adds up; what is missing keeps its default",
        },
        accept={"enum": ["specialty", "group"], "description": "M-03: the widest fit that a proposal may have"},
        window={
            **_record(**{"from": _DAY_OF_YEAR, "until": _DAY_OF_YEAR, "modality": {"enum": ["SHOULD"]}}),
            "description": "M-01: MM-DD; a run outside says so in its report",
        },
    ),
    "decline_reasons": _CODES,
    "agreement": AGREEMENT,
    "mentor": _record(load_limit={"type": "integer", "minimum": 1, "maximum": 50}),
    "arrival": _record(
        requires={
            "type": "array",
            "items": {"enum": ["agreement", "mentor", "plan", "pre_training"]},
            "uniqueItems": True,
            "description": "what has to be in force before the arrival",
        },
        earliest_days=_days(90),
        grace_days=_days(90),
    ),
    "term": _record(tolerance_days=_days(30), extension_days=_days(1100)),
    "end_reasons": _CODES,
    "change_reasons": _CODES,
    "plan": PLAN,
    "pre_training": PRE_TRAINING,
    "correction_reasons": {**_CODES, "description": "M-03: why an actual date may be corrected"},
    **TERM_MEMBERS,
    "reports": _record(
        every_months={"type": "integer", "minimum": 1, "maximum": 12},
        due_days=_days(90),
        recipients={"type": "array", "items": {"enum": ["sending_unit", "region"]}, "minItems": 1, "uniqueItems": True},
    ),
    "class": CLASS,
    "mission": MISSION,
}
_OPTIONAL = {
    "correction_reasons", "matching", "decline_reasons", "agreement", "mentor", "reports", "class", "mission", "plan",
    "pre_training",
    *TERM_MEMBERS,
}  # fmt: skip
"""Members a policy may leave out: they came later and have defaults, or the programme has no such thing."""
_INNER_REQUIRED = {
    "matching": ["method", "accept", "window"],
    "agreement": ["parties"],
    "mentor": ["load_limit"],
    "arrival": ["requires", "earliest_days", "grace_days"],
    "term": ["tolerance_days", "extension_days"],
    "reports": ["every_months", "due_days", "recipients"],
    "class": list(CLASS["properties"]),
    "mission": list(MISSION["properties"]),
}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "placement policy",
    "type": "object",
    "properties": {
        "programme": _CODE,
        "version": _CODE,
        "inherits": {**_CODE, "description": "P-08: version of which this one overrides part"},
        "documents": {"type": "array", "items": {"type": "object"}},
        **_MEMBERS,
        **YEAR_MEMBERS,
        "pairings": PAIRINGS,
    },
    "required": ["programme", "version"],
    "additionalProperties": False,
    "if": {"not": {"required": ["inherits"]}},
    "then": {
        "required": [name for name in _MEMBERS if name not in _OPTIONAL],
        "properties": {name: {"required": required} for name, required in _INNER_REQUIRED.items()},
    },
}


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # heavy: when the first policy is checked

    return Draft202012Validator(SCHEMA)


def must_fit(content: Mapping[str, Any]) -> None:
    """Check a policy as handed in, or in effect (then nothing is inherited any more).

    Raises:
        Malformed: ``policy-invalid`` with a pointer for every problem.
    """
    findings = [
        Finding("schema", error.message, "".join(f"/{step}" for step in error.absolute_path))
        for error in sorted(_validator().iter_errors(content), key=lambda error: list(map(str, error.absolute_path)))
    ]
    findings += year_findings(content)
    findings += class_findings(content)
    if "pairings" in content and not any(finding.pointer.startswith("/pairings") for finding in findings):
        findings += problems(content["pairings"])
    findings += agreement_problems(content)
    if findings:
        raise Malformed(
            "policy-invalid", "The policy does not fit the published schema; see errors.", findings=findings
        )
