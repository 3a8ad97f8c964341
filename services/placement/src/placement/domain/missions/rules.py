"""What a policy says about expert missions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MissionRules:
    """The member ``mission`` of a policy.

    Attributes:
        per_year: missions a year (P-06, P-07).
        least: fewest experts of a team; ``most`` likewise.
        report_days: days after the last day in the field until the report is due.
    """

    per_year: int
    activity_kinds: tuple[str, ...]
    needs: tuple[str, ...]
    least: int
    most: int
    beneficiary_kinds: tuple[str, ...]
    report_days: int

    @classmethod
    def of(cls, member: Mapping[str, Any]) -> MissionRules:
        """Read the member of a policy that passed the published JSON Schema."""
        return cls(
            per_year=member["per_year"],
            activity_kinds=tuple(member["activity_kinds"]),
            needs=tuple(member["needs"]),
            least=member["team"]["least"],
            most=member["team"]["most"],
            beneficiary_kinds=tuple(member["beneficiary_kinds"]),
            report_days=member["report_days"],
        )
