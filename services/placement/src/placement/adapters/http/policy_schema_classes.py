"""The members ``class`` and ``mission`` of ``placement.yaml``, for programmes that have such a thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.kernel.refusals import Finding

CODE = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._:/-]*$", "maxLength": 120}


def _whole(least: int, most: int, description: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most, "description": description}


def _record(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members, "additionalProperties": False}


def _all_of(**members: Any) -> dict[str, Any]:
    return _record(**members) | {"required": list(members)}


_CODES = {"type": "array", "items": CODE, "minItems": 1, "maxItems": 50, "uniqueItems": True}

CLASS: dict[str, Any] = _record(
    categories={
        "type": "array",
        "minItems": 1,
        "maxItems": 50,
        "items": _all_of(
            code=CODE,
            units=_whole(0, 100_000, "K-01: units of the category that are asked to send somebody"),
            seats=_whole(0, 1_000_000, "seats of the category"),
        ),
    },
    seats_per_unit=_whole(1, 1000, "most delegates of one unit, the waiting ones counted"),
    session_kinds={**_CODES, "description": "K-06: kinds a session of the timetable may have"},
    attendance=_all_of(
        counted={**_CODES, "description": "kinds of session that count for the attendance"},
        lectures={**_CODES, "description": "K-02: kinds of session that are lectures"},
        excused={"enum": ["left_out", "absent"], "description": "how an excused session counts"},
    ),
    groups=_whole(1, 100, "K-03: breakout groups"),
    answer_days=_whole(1, 365, "K-04: days within which a question is answered or marked for follow-up"),
    evaluation=_all_of(
        dimensions={**_CODES, "description": "K-09"},
        scale=_whole(2, 10, "scores run from 1 to this"),
        suppress_below=_whole(3, 100, "domain.md 7.3: a result of fewer answers is not shown"),
    ),
)

MISSION: dict[str, Any] = _record(
    per_year=_whole(1, 100, "P-06, P-07: missions a year"),
    activity_kinds={**_CODES, "description": "P-06: kinds of activity"},
    needs={**_CODES, "description": "X-02: topics a locality may ask for"},
    team=_all_of(least=_whole(1, 500, "experts"), most=_whole(1, 500, "experts")),
    beneficiary_kinds={**_CODES, "description": "X-02: who is counted"},
    report_days=_whole(1, 365, "days after the last day in the field until the report is due"),
)


def class_findings(content: Mapping[str, Any]) -> Iterator[Finding]:
    """What the schema cannot say: kinds that are counted exist, categories are named once, a team's limits fit."""
    course, mission = content.get("class"), content.get("mission")
    if isinstance(course, Mapping):
        kinds, attendance = course.get("session_kinds"), course.get("attendance")
        if isinstance(kinds, list) and isinstance(attendance, Mapping):
            for name in ("counted", "lectures"):
                for place, kind in enumerate(attendance.get(name) or ()):
                    if kind not in kinds:
                        yield Finding(
                            "schema", f"No session has the kind '{kind}'.", f"/class/attendance/{name}/{place}"
                        )
        codes = [each.get("code") for each in course.get("categories") or () if isinstance(each, Mapping)]
        for place, code in enumerate(codes):
            if code in codes[:place]:
                yield Finding("schema", f"'{code}' is there twice.", f"/class/categories/{place}/code")
    team = mission.get("team") if isinstance(mission, Mapping) else None
    if isinstance(team, Mapping):
        least, most = team.get("least"), team.get("most")
        if isinstance(least, int) and isinstance(most, int) and least > most:
            yield Finding("schema", f"The least size {least} is above the largest {most}.", "/mission/team/least")
