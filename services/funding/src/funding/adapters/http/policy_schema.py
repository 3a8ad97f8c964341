"""The JSON Schema of ``funding.yaml``, published and enforced; content that inherits may be partial."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.budgets.sources import SourceRule
from funding.domain.payments.clawback import WayOut
from shared.kernel.refusals import Finding, Malformed

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

Schema = dict[str, Any]

_CODE: Final[Schema] = {"type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{0,59}$"}
_PATH: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._/-]{0,119}$"}
_AMOUNT: Final[Schema] = {"type": "string", "pattern": r"^(0|[1-9]\d{0,11})(\.\d{1,2})?$"}
_LIMIT: Final[Schema] = {"type": ["string", "null"], "pattern": r"^(0|[1-9]\d{0,14})(\.\d{1,2})?$"}


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    properties = required | (optional or {})
    return {"type": "object", "properties": properties, "required": sorted(required), "additionalProperties": False}


def _rows(row: Schema) -> Schema:
    return {"type": "array", "items": row, "minItems": 1, "maxItems": 50}


_KINDS: Final = [kind.value for kind in ApprovalKind]
_TIERS: Final = _rows(
    _object({"up_to": _LIMIT, "chain": {"type": "array", "items": _CODE, "minItems": 1, "uniqueItems": True}})
)
_PROVINCES: Final[Schema] = {
    "type": "object",
    "propertyNames": {"pattern": r"^\d{2}$"},
    "additionalProperties": _AMOUNT,
}
_DAY: Final[Schema] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_MEMBERS: Final[Schema] = {
    "rate_card": _rows(
        _object(
            {"category": _CODE, "amount": _AMOUNT, "basis": {"enum": ["daily", "fixed", "per_day"]}},
            {
                "by_province": _PROVINCES,
                "by_term": {
                    "type": "object",
                    "propertyNames": {"pattern": r"^P\d{1,3}[DWMY]$"},
                    "additionalProperties": _AMOUNT,
                },
                "tiers": _rows(
                    _object(
                        {"up_to_days": {"type": ["integer", "null"], "minimum": 1, "maximum": 3660}, "amount": _AMOUNT}
                    )
                ),
                "steps": _rows(_object({"from": _DAY, "amount": _AMOUNT})),
            },
        )
    ),
    "instalments": _rows(
        _object(
            {
                "milestone": _CODE,
                "due": {"enum": ["arrival", "date", "certified"]},
                "share": {"type": "integer", "minimum": 1, "maximum": 10_000},
                "payee": {"enum": ["host", "sending_unit"]},
            },
            {
                "months_after_start": {"type": "integer", "minimum": 1, "maximum": 120},
                "term_share": {"type": "integer", "minimum": 1, "maximum": 10_000},
            },
        )
    ),
    "pay_extension": {"type": "boolean"},
    "authorities": {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "additionalProperties": _PATH,
    },
    "approval": _object(
        {"rolling_days": {"type": "integer", "minimum": 1, "maximum": 3660}, "tiers": _TIERS},
        {
            "kinds": {"type": "object", "propertyNames": {"enum": _KINDS}, "additionalProperties": _TIERS},
            "autonomy": _object(
                {
                    "kinds": {"type": "array", "items": {"enum": _KINDS}, "minItems": 1, "uniqueItems": True},
                    "signatures": {"type": "integer", "minimum": 1, "maximum": 10},
                    "up_to": _LIMIT,
                    "ex_post_share": {"type": "integer", "minimum": 1, "maximum": 10_000},
                }
            ),
        },
    ),
}

_OPTIONAL: Final[Schema] = {
    "sources": _object(
        {
            "rule": {"enum": [rule.value for rule in SourceRule]},
            "order": _rows(_object({"source": _CODE}, {"share": {"type": "integer", "minimum": 1, "maximum": 10_000}})),
        }
    ),
    "pay_suspension": {"type": "boolean"},
    "clawback": _object(
        {"grace_days": {"type": "integer", "minimum": 0, "maximum": 3660}},
        {
            "rules": _rows(
                _object(
                    {
                        "on": {"enum": [way.value for way in WayOut]},
                        "share": {"type": "integer", "minimum": 0, "maximum": 10_000},
                    },
                    {"reasons": {"type": "array", "items": _CODE, "minItems": 1, "uniqueItems": True}},
                )
            )
        },
    ),
    "reimbursement": _object(
        {
            "submit_within_days": {"type": "integer", "minimum": 0, "maximum": 3660},
            "standards": _rows(
                _object(
                    {
                        "category": _CODE,
                        "per": {"enum": ["day", "person_day", "item", "term"]},
                        "ceiling": _AMOUNT,
                    },
                    {
                        "by_tier": {"type": "object", "propertyNames": _CODE, "additionalProperties": _AMOUNT},
                        "by_province": _PROVINCES,
                        "long_stay": _object(
                            {
                                "full_days": {"type": "integer", "minimum": 1, "maximum": 366},
                                "share": {"type": "integer", "minimum": 0, "maximum": 10_000},
                            }
                        ),
                        "evidence": {"type": "array", "items": _CODE, "uniqueItems": True, "maxItems": 10},
                        "days_around": {"type": "integer", "minimum": 0, "maximum": 30},
                    },
                )
            ),
        }
    ),
}
"""Members that a policy may leave out."""

SCHEMA: Final[Schema] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Funding policy of one version of a programme",
    "type": "object",
    "properties": {"programme": _CODE, "version": _CODE, "inherits": _CODE, **_MEMBERS, **_OPTIONAL},
    "required": ["programme", "version"],
    "additionalProperties": False,
    "if": {"not": {"required": ["inherits"]}},
    "then": {"required": sorted(_MEMBERS)},
}


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # heavy: when the first policy is checked

    return Draft202012Validator(SCHEMA)


def require_valid(content: dict[str, Any]) -> None:
    """Hold content against the schema. Raises ``Malformed``: ``policy-malformed`` with every finding."""
    found = sorted(_validator().iter_errors(content), key=lambda error: [str(step) for step in error.absolute_path])
    findings = [
        Finding(
            f"schema-{error.validator}",
            error.message[:300],
            "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in error.absolute_path),
        )
        for error in found[:100]
    ]
    if findings:
        raise Malformed("policy-malformed", "The policy does not fit its schema; see errors.", findings=findings)
