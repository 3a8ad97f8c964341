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
        listed = {name: [row["code"] for row in codes.get(name, [])] for name in _LISTS}
        return cls(
            specialties=specialties,
            directions=listed["study_directions"],
            areas=listed["focus_areas"],
            withdrawing=listed["withdrawal_reasons"],
            rejecting=listed["rejection_reasons"],
            relaxed=frozenset(_relaxed(policy["rules"])),
        )


_LISTS = ("study_directions", "focus_areas", "withdrawal_reasons", "rejection_reasons")


def _relaxed(rules: list[dict[str, Any]]) -> list[str]:
    exceptions = [rule["predicate"] for rule in rules if rule["modality"] == "EXCEPTION"]
    return [code for predicate in exceptions for code in _specialties(predicate)]


def _specialties(predicate: Mapping[str, Any]) -> list[str]:
    """Specialties that a predicate names, wherever in it."""
    if predicate.get("fact") == "specialty":
        value = predicate["value"]
        return list(value) if isinstance(value, list) else [value]
    return [code for part in (*predicate.get("all", ()), *predicate.get("any", ())) for code in _specialties(part)]
