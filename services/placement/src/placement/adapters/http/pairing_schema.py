"""The JSON Schema of the policy member ``pairings`` and the check of what a schema cannot say."""

from __future__ import annotations

from typing import Any

_CODE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._:/-]*$", "maxLength": 120}
_CODES = {"type": "array", "items": _CODE, "uniqueItems": True, "maxItems": 1000}
_SOME = {**_CODES, "minItems": 1}
_RULE = {"type": "string", "pattern": "^[A-Z]{1,3}-[0-9]{2}$"}
_TERM = {"type": "string", "pattern": "^P([0-9]{1,2}Y)?([0-9]{1,3}M)?$"}


def _map(value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "propertyNames": _CODE, "additionalProperties": value, "minProperties": 1}


def _record(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": sorted(members), "additionalProperties": False}


PAIRINGS: dict[str, Any] = {
    **_record(
        cycle={
            **_record(launched_on={"type": "string", "format": "date"}, every=_TERM),
            "description": "W-09, W-10: terms begin within one cycle from the launch of the batch",
        },
        directions={
            **_map(_record(**{"from": {"enum": ["sources", "targets"]}, "term": _TERM, "rule": _RULE})),
            "description": "W-02 to W-04: the side people come from and their term, which decides the planned days",
        },
        schemes={
            "type": "array",
            "minItems": 1,
            "items": _record(code=_CODE, rule=_RULE, sources=_SOME, targets=_SOME),
            "description": "W-02, W-03: areas (GB/T 2260); disjoint between schemes",
        },
        unit_classes={**_SOME, "description": "the words for units of the register of hosts"},
        open_units={**_CODES, "description": "W-05: unit classes that receive people of the targets from every scheme"},
        source_classes={**_map(_SOME), "description": "class of the sending side → areas; the longest area decides"},
        receiving={**_map(_SOME), "description": "W-06: class of the sending side → unit classes that may receive it"},
        contributions={**_SOME, "description": "W-11: types of contributions"},
        positions={**_map(_SOME), "description": "W-07: position class → unit classes it is posted to"},
    ),
    "description": "W-01 to W-09: hard constraints of matching, proposals by hand, transfers and confirmations",
}
