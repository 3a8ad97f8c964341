"""The members of ``placement.yaml`` about the year at the host; each may be absent (D-01 to D-07)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from placement.domain.year_rules import NEEDS, SEVERITIES
from shared.kernel.refusals import Finding

_CODE = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": 60}
_CODES = {"type": "array", "items": _CODE, "minItems": 1, "uniqueItems": True}


def _int(least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


def _record(description: str, **members: Any) -> dict[str, Any]:
    return {"type": "object", "description": description, "properties": members, "additionalProperties": False}


def _list(codes: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "array", "items": {"enum": list(codes)}, "minItems": 1, "uniqueItems": True}


YEAR_MEMBERS: dict[str, Any] = {
    "groups": _record(
        "D-01: people of a study group; another size needs a reason",
        size=_record(
            "from min to max", min=_int(1, 100), max=_int(1, 100), modality={"enum": ["SHOULD", "PREFER"]}
        ),
    ),
    "group_reports": _record(
        "D-02: written by the leader of each active group",
        every_months=_int(1, 12), due_days=_int(0, 90), recipients=_list(("sending_unit", "region")),
    ),
    "inspections": _record(
        "D-03: of the delivery of training, never of a person's views",
        share_percent={**_int(0, 100), "description": "hosts with trainees that a draw proposes per calendar year"},
        findings={**_CODES, "description": "what a finding can be about"},
        measures={**_CODES, "description": "what a host can answer"},
        days=_record("days to put it right, by severity", **{severity: _int(1, 365) for severity in SEVERITIES}),
    ),
    "checkins": _record(
        "D-04: needs only; started by the trainee or offered at intervals, always declinable",
        every_months=_int(1, 12), needs=_list(NEEDS),
    ),
    "courses": _record(
        "D-07: shown as a fact, never a gate",
        hours_per_year=_int(0, 1000),
        professional_share={"type": "string", "pattern": "^[1-9][0-9]?/[1-9][0-9]?$"},
    ),
}  # fmt: skip
"""Name → JSON Schema."""


def year_findings(content: Mapping[str, Any]) -> Iterator[Finding]:
    """What the schema cannot say: a group's least size is not above its largest."""
    groups = content.get("groups")
    size = groups.get("size") if isinstance(groups, Mapping) else None
    if not isinstance(size, Mapping):
        return
    least, most = size.get("min"), size.get("max")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Finding("schema", f"The least size {least} is above the largest {most}.", "/groups/size/min")
