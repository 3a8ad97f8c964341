"""Clawback as a policy states it: how much of what was overpaid is claimed back, and how long there is time (F-04)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from funding.domain.payments.proration import WHOLE, half_up
from shared.kernel.refusals import Finding


class WayOut(StrEnum):
    """By what a participation came to owe money back."""

    NEVER_BEGAN = "never_began"
    EARLY_END = "early_end"
    FAILED = "failed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ClawbackRule:
    """For a way out, and of its reasons (codes) those named or all, this share (basis points) is claimed back."""

    way: WayOut
    reasons: frozenset[str]
    share: int


@dataclass(frozen=True, slots=True)
class Clawback:
    """The rules in order, the first that fits counts; nothing fits: all is claimed back. Days of grace until overdue."""

    grace_days: int = 0
    rules: tuple[ClawbackRule, ...] = ()

    def share(self, way: WayOut | None, reason: str) -> int:
        """Basis points of what was overpaid that are claimed back."""
        fitting = (rule for rule in self.rules if rule.way is way and (not rule.reasons or reason in rule.reasons))
        return next((rule.share for rule in fitting), WHOLE)


def divide(amount: int, parts: Mapping[str, int]) -> dict[str, int]:
    """``amount`` fen over ``parts`` in proportion, running totals half up: together exactly ``amount``, none above its part.

    Raises:
        ValueError: for more than there is.
    """
    total = sum(parts.values())
    if not 0 <= amount <= total:
        raise ValueError("only up to the sum of the parts is divided")
    found: dict[str, int] = {}
    reached = given = 0
    for name, part in sorted(parts.items()):
        reached += part
        upto = half_up(amount, reached, total) if total else 0
        found[name] = upto - given
        given = upto
    return {name: part for name, part in found.items() if part}


def read_clawback(content: Mapping[str, Any] | None) -> Clawback:
    """The member ``clawback`` of a policy as values; without it everything is claimed back at once."""
    if content is None:
        return Clawback()
    rules = (
        ClawbackRule(WayOut(row["on"]), frozenset(row.get("reasons", ())), row["share"])
        for row in content.get("rules", ())
    )
    return Clawback(content["grace_days"], tuple(rules))


def clawback_findings(content: Mapping[str, Any] | None) -> Iterator[Finding]:
    """What the schema cannot say of ``clawback``: a rule that can never fit."""
    covered: set[str] = set()
    for nth, row in enumerate((content or {}).get("rules", ())):
        if row["on"] in covered:
            detail = "A rule before this one takes every reason already."
            yield Finding("never-fits", detail, f"/clawback/rules/{nth}", "F-04")
        if not row.get("reasons"):
            covered.add(row["on"])
