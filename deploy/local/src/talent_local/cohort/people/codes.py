"""The code lists of a selection policy, as far as making up applications needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Codes:
    """Code lists of one policy.

    Attributes:
        specialties: codes by specialty group.
        directions: study directions.
        areas: focus areas.
        withdrawing: reasons to withdraw.
        rejecting: reasons to reject.
        relaxed: specialties for which a junior title may be waived (the policy's EXCEPTION), may be empty.
    """

    specialties: dict[str, list[str]]
    directions: list[str]
    areas: list[str]
    withdrawing: list[str]
    rejecting: list[str]
    relaxed: frozenset[str]

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> Self:
        """From the content of a policy with its inheritance resolved."""
        codes = policy["codes"]
        specialties: dict[str, list[str]] = {}
        for row in codes["specialties"]:
            specialties.setdefault(row["group"], []).append(row["code"])
        return cls(
            specialties,
            *(
                [row["code"] for row in codes.get(name, [])]
                for name in ("study_directions", "focus_areas", "withdrawal_reasons", "rejection_reasons")
            ),
            relaxed=frozenset(_relaxed(policy["rules"])),
        )


def _relaxed(rules: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for rule in rules:
        predicate = rule.get("predicate", {})
        if rule["modality"] == "EXCEPTION" and predicate.get("fact") == "specialty":
            value = predicate["value"]
            found += value if isinstance(value, list) else [value]
    return found
