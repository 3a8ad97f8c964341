"""The JSON Schema of ``assessment.yaml``, published and enforced; content that inherits may be partial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment.adapters.policies.paper_schema import PAPER, unprintable
from shared.kernel.actor import Role
from shared.kernel.refusals import Finding

Schema = dict[str, Any]
DUTIES = ("evaluate", "conduct", "record", "confirm", "decide", "issue", "verify")
"""The duties of offices that a policy may set a number of days for."""

_CODE: Schema = {"type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{0,59}$"}
_PATH: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._/-]{0,119}$"}
_TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": 400}
_SCORE: Schema = {"type": "string", "pattern": r"^\d{1,4}(\.\d{1,2})?$"}


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": dict(required) | dict(optional or {}),
        "required": sorted(required),
        "additionalProperties": False,
    }


def _rows(row: Schema, least: int = 1) -> Schema:
    return {"type": "array", "items": row, "minItems": least, "maxItems": 50}


def _codes(least: int = 1) -> Schema:
    return _rows(_CODE, least) | {"uniqueItems": True}


def _count(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _roles(*roles: Role) -> Schema:
    return {"type": "array", "items": {"enum": [str(role) for role in roles]}, "minItems": 1, "uniqueItems": True}


_TITLE = _object({"zh": _TEXT, "en": _TEXT})
_REPORTS = _object(
    {
        "at_least": {"type": "integer", "minimum": 1, "maximum": 100},
        "on_time": _SCORE,
        "late": _SCORE,
        "missing": _SCORE,
    }
)
_COMPONENT = _object(
    {
        "code": _CODE,
        "title": _TITLE,
        "weight": {"type": "integer", "minimum": 0, "maximum": 100},
        "stage": {"enum": ["evidence", "conduct"]},
        "clause": _TEXT,
    },
    {
        "scored_by": _roles(Role.MENTOR, Role.HOST_OFFICER, Role.UNIT_OFFICER, Role.ASSESSOR),
        "minimum": _SCORE,
        "reports": _REPORTS,
        "attendance": _object({"full": _SCORE}),
        "questions": _object({"full_at": {"type": "integer", "minimum": 1, "maximum": 1000}, "full": _SCORE}),
    },
)
_GRADE = _object({"code": _CODE, "title": _TITLE, "from": _SCORE})
_GROUND = _object(
    {
        "code": _CODE,
        "title": _TITLE,
        "raised_by": _roles(Role.APPLICANT, Role.UNIT_OFFICER, Role.REGIONAL_OFFICER),
    },
    {"within_days": {"type": "integer", "minimum": 1, "maximum": 3650}},
)
_CERTIFICATE = _object(
    {
        "title": _TITLE,
        "number": {"type": "string", "pattern": r"^[A-Z0-9-]*\{session\}[A-Z0-9-]*$", "maxLength": 60},
        "serial_digits": {"type": "integer", "minimum": 3, "maximum": 8},
        "revocation_reasons": _codes(),
        "reissue_reasons": _codes(),
        "overturned_reason": _CODE,
        "clause": _TEXT,
    },
    {"valid_years": {"type": "integer", "minimum": 1, "maximum": 50}, "paper": PAPER},
)
_RESIT = _object(
    {"at_most": _count(1, 5), "within_months": _count(1, 60), "components": _codes(), "clause": _TEXT},
    {"extension": _object({"at_most": _count(1, 5), "months": _count(1, 24), "reasons": _codes()})},
)
_FOLLOW_UP = _object(
    {
        "rounds": _rows(_object({"code": _CODE, "months": _count(1, 240)})),
        "within_days": _count(1, 365),
        "clause": _TEXT,
    }
)
_FULL = _object(
    {
        "programme": _CODE,
        "version": _CODE,
        "title": _TITLE,
        "programme_title": _TITLE,
        "authority": _PATH,
        "clauses": _object({"assessed_by": _TEXT}, {"issued_by": _TEXT}),
        "scale": _object(
            {"lowest": _SCORE, "highest": _SCORE, "step": _SCORE | {"pattern": r"^(?!0+(\.0+)?$)\d{1,4}(\.\d{1,2})?$"}}
        ),
        "components": _rows(_COMPONENT),
        "pass_mark": _SCORE,
        "grades": _rows(_GRADE),
        "fail_grade": _object({"code": _CODE, "title": _TITLE}),
        "deferral": _object({"at_most": _count(0, 10), "reasons": _codes()}, {"within_months": _count(1, 60)}),
        "appeal": _object({"grounds": _rows(_GROUND, 0)}),
    },
    {
        "issuer": _PATH,
        "issuer_title": _TITLE,
        "certificate": _CERTIFICATE,
        "waiver": _object({"levels": _codes(2), "clause": _TEXT}),
        "resit": _RESIT,
        "correction": _object({"reasons": _codes()}),
        "deadlines": _object({}, {duty: _count(1, 3650) for duty in DUTIES}),
        "follow_up": _FOLLOW_UP,
        "achievements": _object({"kinds": _rows(_object({"code": _CODE, "title": _TITLE, "standings": _codes()}))}),
    },
)


def _partial(schema: Schema) -> Schema:
    """The same words with nothing required and everything removable, for content that inherits."""
    if schema.get("type") == "object":
        properties = {name: _partial(member) for name, member in schema["properties"].items()}
        keep = [name for name in ("code",) if name in properties]
        return {"type": ["object", "null"], "properties": properties, "required": keep, "additionalProperties": False}
    if schema.get("type") == "array":
        rows = schema["items"]
        return schema | {"type": ["array", "null"], "items": _partial(rows) if rows.get("type") == "object" else rows}
    if "enum" in schema:
        return {"enum": [*schema["enum"], None]}
    return schema | {"type": [schema["type"], "null"]}


_INHERITING = _partial(_FULL)
_INHERITING["type"] = "object"
_INHERITING["required"] = ["programme", "version", "inherits"]
_INHERITING["properties"] |= {"programme": _CODE, "version": _CODE, "inherits": _CODE}

SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Assessment policy of one version of a programme",
    "if": {"type": "object", "required": ["inherits"]},
    "then": {"$ref": "#/$defs/inheriting"},
    "else": {"$ref": "#/$defs/complete"},
    "$defs": {"complete": _FULL, "inheriting": _INHERITING},
}


class JsonSchemaChecker:
    """Implements ``usecases.ports.SchemeChecker`` with the published schema."""

    def content(self, content: Mapping[str, Any]) -> list[Finding]:
        """See ``SchemeChecker.content``."""
        return _findings(_INHERITING if "inherits" in content else _FULL, content)

    def effective(self, content: Mapping[str, Any]) -> list[Finding]:
        """See ``SchemeChecker.effective``."""
        return _findings(_FULL, content) + unprintable(content)


def _findings(schema: Schema, content: Mapping[str, Any]) -> list[Finding]:
    from jsonschema import Draft202012Validator  # heavy: when the first policy is checked

    validator = Draft202012Validator(schema)
    found = sorted(validator.iter_errors(content), key=lambda error: [str(step) for step in error.absolute_path])
    return [
        Finding(
            f"schema-{str(error.validator).lower()}",
            error.message[:300],
            "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in error.absolute_path),
        )
        for error in found[:100]
    ]
