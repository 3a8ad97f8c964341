"""What a policy says about short classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Category:
    """A unit category: how many units are asked (K-01), and how many seats it has."""

    code: str
    units: int
    seats: int


@dataclass(frozen=True, slots=True)
class ClassRules:
    """The member ``class`` of a policy.

    Attributes:
        seats_per_unit: most delegates of one unit.
        counted: kinds of session that count for the attendance.
        lectures: kinds of session that are lectures (K-02).
        excused_is_absent: whether an excused session counts as missed; otherwise it is left out.
        suppress_below: results of fewer answers are not shown (domain.md 7.3).
    """

    categories: tuple[Category, ...]
    seats_per_unit: int
    session_kinds: tuple[str, ...]
    counted: frozenset[str]
    lectures: frozenset[str]
    excused_is_absent: bool
    groups: int
    answer_days: int
    dimensions: tuple[str, ...]
    scale: int
    suppress_below: int

    @classmethod
    def of(cls, member: Mapping[str, Any]) -> ClassRules:
        """Read the member of a policy that passed the published JSON Schema."""
        attendance, evaluation = member["attendance"], member["evaluation"]
        return cls(
            categories=tuple(Category(each["code"], each["units"], each["seats"]) for each in member["categories"]),
            seats_per_unit=member["seats_per_unit"],
            session_kinds=tuple(member["session_kinds"]),
            counted=frozenset(attendance["counted"]),
            lectures=frozenset(attendance["lectures"]),
            excused_is_absent=attendance["excused"] == "absent",
            groups=member["groups"],
            answer_days=member["answer_days"],
            dimensions=tuple(evaluation["dimensions"]),
            scale=evaluation["scale"],
            suppress_below=evaluation["suppress_below"],
        )
