"""The JSON Schema of a policy that accredits: tiers, evidence, cards, the catalogue of services (T-02, T-03)."""

from __future__ import annotations

from assessment.adapters.policies.json_schema import _CODE as CODE
from assessment.adapters.policies.json_schema import _PATH as PATH
from assessment.adapters.policies.json_schema import _TEXT as TEXT
from assessment.adapters.policies.json_schema import _TITLE as TITLE
from assessment.adapters.policies.json_schema import Schema, _codes, _object, _partial, _rows

_DAYS: Schema = {"type": "integer", "minimum": 0, "maximum": 1000}
_TIER = _object(
    {
        "code": CODE,
        "title": TITLE,
        "order": {"type": "integer", "minimum": 1, "maximum": 50},
        "valid_years": {"type": "integer", "minimum": 1, "maximum": 50},
    }
)
_SERVICE = _object(
    {
        "code": CODE,
        "area": CODE,
        "title": TITLE,
        "tiers": _rows(_object({"tier": CODE}, {"yearly": {"type": "integer", "minimum": 1, "maximum": 10_000}})),
    },
    {"provider": PATH},
)
_RULE = _object(
    {
        "body": PATH,
        "clause": TEXT,
        "tiers": _rows(_TIER),
        "evidence": _codes(),
        "refusal_reasons": _codes(),
        "revocation_reasons": _codes(),
        "number": {
            "type": "string",
            "pattern": r"^[A-Z0-9-]*\{tier\}[A-Z0-9-]*\{year\}[A-Z0-9-]*$",
            "maxLength": 60,
        },
        "serial_digits": {"type": "integer", "minimum": 3, "maximum": 8},
        "renewal": _object({"from_days": _DAYS, "grace_days": _DAYS}),
        "areas": _rows(_object({"code": CODE, "title": TITLE})),
        "services": _rows(_SERVICE) | {"maxItems": 500},
    }
)
ACCREDITING = _object({"programme": CODE, "version": CODE, "title": TITLE, "accreditation": _RULE})
"""A complete policy that accredits."""
ACCREDITING_INHERITING = _partial(ACCREDITING)
"""One that lays itself over another version."""
ACCREDITING_INHERITING["type"] = "object"
ACCREDITING_INHERITING["required"] = ["programme", "version", "inherits", "accreditation"]
ACCREDITING_INHERITING["properties"] |= {"programme": CODE, "version": CODE, "inherits": CODE}
