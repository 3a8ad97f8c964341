"""Reimbursement standards of a policy, as data: ceilings per category and the share paid for days of a long stay (F-04).

The rule for rounding: a ceiling by days is the difference of two running totals, each rounded half up to the fen. So a
stay that is claimed in several lines or several claims has, to the fen, the ceiling of the stay claimed at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from funding.domain.payments.proration import WHOLE, half_up
from shared.kernel.money import fen
from shared.kernel.refusals import Finding


class Per(StrEnum):
    """What a ceiling is counted by."""

    DAY = "day"
    PERSON_DAY = "person_day"
    ITEM = "item"
    TERM = "term"
    """Once for a person, a class or a mission, whatever it is claimed in."""


DAILY: Final = frozenset({Per.DAY, Per.PERSON_DAY})
"""Ceilings that grow with the days; nobody is reimbursed twice for one of these days."""


@dataclass(frozen=True, slots=True)
class LongStay:
    """Days after the first ``full_days`` of the term count ``share`` basis points (30 days, 70 %)."""

    full_days: int
    share: int

    def weight(self, days: int) -> int:
        """What the first ``days`` of the term weigh, in basis points of a day."""
        return min(days, self.full_days) * WHOLE + max(0, days - self.full_days) * self.share


@dataclass(frozen=True, slots=True)
class Standard:
    """The ceiling of one category.

    Attributes:
        category: expense category.
        per: what it is counted by.
        ceiling: fen per unit.
        by_tier: other fen by tier of place or post; goes before ``by_province``.
        by_province: other fen by province (two digits).
        long_stay: the rule for long terms, or None.
        evidence: kinds of document that a line needs, one of each.
        days_around: how many days before and after the term count too, as for a journey; never for ceilings by days.
    """

    category: str
    per: Per
    ceiling: int
    by_tier: Mapping[str, int] = field(default_factory=dict)
    by_province: Mapping[str, int] = field(default_factory=dict)
    long_stay: LongStay | None = None
    evidence: tuple[str, ...] = ()
    days_around: int = 0

    def rate(self, province: str | None, tier: str | None) -> int:
        """Fen per unit at a place."""
        return self.by_tier.get(tier or "", self.by_province.get(province or "", self.ceiling))

    def for_days(self, rate: int, persons: int, first: int, last: int) -> int:
        """Fen for the days ``first`` to ``last`` of the term, both counted (the first day of the term is 1)."""
        return self._running(rate * persons, last) - self._running(rate * persons, first - 1)

    def _running(self, rate: int, days: int) -> int:
        weight = self.long_stay.weight(days) if self.long_stay is not None else days * WHOLE
        return half_up(rate, weight, WHOLE)


@dataclass(frozen=True, slots=True)
class Reimbursement:
    """What may be reimbursed, and until how many days after the end of the term it may be claimed."""

    submit_within_days: int
    standards: Mapping[str, Standard]


def read_reimbursement(content: Mapping[str, Any] | None) -> Reimbursement | None:
    """The member ``reimbursement`` of a policy as values; None where nothing is reimbursed."""
    if content is None:
        return None
    found = [_standard(row) for row in content["standards"]]
    return Reimbursement(content["submit_within_days"], {each.category: each for each in found})


def reimbursement_findings(content: Mapping[str, Any] | None) -> list[Finding]:
    """What the schema cannot say of the member ``reimbursement``."""
    if content is None:
        return []
    found: list[Finding] = []
    seen: set[str] = set()
    for nth, row in enumerate(content["standards"]):
        pointer = f"/reimbursement/standards/{nth}"
        if row["category"] in seen:
            found.append(Finding("twice", "A category has one standard.", f"{pointer}/category", "F-04"))
        seen.add(row["category"])
        if row.get("days_around") and row["per"] in DAILY:
            detail = "Days around the term do not count where the ceiling grows with the days."
            found.append(Finding("days-around", detail, f"{pointer}/days_around", "F-04"))
        if row.get("long_stay") is not None and row["per"] not in DAILY:
            detail = "Only a ceiling by days has a rule for long stays."
            found.append(Finding("long-stay", detail, f"{pointer}/long_stay", "F-04"))
    return found


def _standard(row: Mapping[str, Any]) -> Standard:
    long_stay = row.get("long_stay")
    return Standard(
        category=row["category"],
        per=Per(row["per"]),
        ceiling=fen(row["ceiling"]),
        by_tier={code: fen(amount) for code, amount in row.get("by_tier", {}).items()},
        by_province={code: fen(amount) for code, amount in row.get("by_province", {}).items()},
        long_stay=LongStay(long_stay["full_days"], long_stay["share"]) if long_stay else None,
        evidence=tuple(row.get("evidence", ())),
        days_around=row.get("days_around", 0),
    )
