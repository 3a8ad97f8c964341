"""Rates: what a category costs for the days that are paid, whole or by the day, by tiers, place, term and date (F-04).

The rule for rounding: a rate for a whole term is divided once, over all its days, half up to the fen; amounts per day
are whole fen and are never divided. So nothing is rounded twice, more days never come to less, and the days agreed
come to the whole rate to the fen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from funding.domain.payments.proration import half_up
from shared.kernel.money import fen
from shared.kernel.refusals import Finding


class Basis(StrEnum):
    """How a rate grows."""

    DAILY = "daily"
    """An amount for the whole term, by the days served of the days agreed; divided over the instalments."""
    FIXED = "fixed"
    """A lump sum, whole, with the first instalment."""
    PER_DAY = "per_day"
    """An amount for every day, or by tiers of days; divided over the instalments."""


@dataclass(frozen=True, slots=True)
class DayTier:
    """Fen a day up to and with this day of the stay (None: all that follow)."""

    up_to_days: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class Span:
    """Days that are paid, the first and the last counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Circumstance:
    """By what rates differ: two-digit code of the host's province and the agreed term (``P1Y``), where known."""

    province: str | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """One line of the rate card; amounts in fen.

    Attributes:
        category: expense category.
        amount: for the whole term, or for each day.
        basis: how it grows.
        by_province: other amounts by province.
        by_term: other amounts by term; go before ``by_province``.
        tiers: amounts by day of the stay, of a rate per day.
        steps: from which day on the amount is another one (effective dates), ascending.
    """

    category: str
    amount: int
    basis: Basis
    by_province: Mapping[str, int] = field(default_factory=dict)
    by_term: Mapping[str, int] = field(default_factory=dict)
    tiers: tuple[DayTier, ...] = ()
    steps: tuple[tuple[date, int], ...] = ()

    @property
    def is_divided(self) -> bool:
        """True when instalments share it; a lump sum comes whole with the first."""
        return self.basis is not Basis.FIXED

    def on(self, day: date, where: Circumstance) -> int:
        """The amount that holds on a day."""
        if where.term in self.by_term:
            return self.by_term[where.term or ""]
        if where.province in self.by_province:
            return self.by_province[where.province or ""]
        return next((amount for start, amount in reversed(self.steps) if start <= day), self.amount)

    def worth(self, spans: Sequence[Span], standard: int, start: date, where: Circumstance) -> int:
        """Fen for the days of ``spans``, of ``standard`` days agreed from ``start`` on; a lump sum whatever the days."""
        if self.basis is Basis.FIXED:
            return self.on(start, where)
        if self.tiers:
            return self._tiered(sum(span.days for span in spans))
        total = sum(days * self.on(first, where) for first, days in self._stretches(spans))
        return half_up(total, 1, standard) if self.basis is Basis.DAILY else total

    def _stretches(self, spans: Sequence[Span]) -> Iterator[tuple[date, int]]:
        """The days of ``spans``, cut where the amount changes: first day and number of days."""
        for span in spans:
            cuts = [start for start, _ in self.steps if span.first < start <= span.last]
            firsts = [span.first, *cuts]
            ends = [*cuts, span.last + timedelta(1)]
            for first, end in zip(firsts, ends, strict=True):
                yield first, (end - first).days

    def _tiered(self, days: int) -> int:
        total = reached = 0
        for tier in self.tiers:
            upto = days if tier.up_to_days is None else min(days, tier.up_to_days)
            total += max(0, upto - reached) * tier.amount
            reached = max(reached, upto)
        return total


def read_rate(row: Mapping[str, Any]) -> Rate:
    """A row of ``rate_card`` as values."""
    return Rate(
        category=row["category"],
        amount=fen(row["amount"]),
        basis=Basis(row["basis"]),
        by_province={code: fen(amount) for code, amount in row.get("by_province", {}).items()},
        by_term={code: fen(amount) for code, amount in row.get("by_term", {}).items()},
        tiers=tuple(DayTier(tier["up_to_days"], fen(tier["amount"])) for tier in row.get("tiers", ())),
        steps=tuple((date.fromisoformat(step["from"]), fen(step["amount"])) for step in row.get("steps", ())),
    )


def rate_findings(rows: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """What the schema cannot say of ``rate_card``."""
    categories = [row["category"] for row in rows]
    if len(set(categories)) != len(categories):
        yield Finding("twice", "A category has one rate.", "/rate_card", "F-05")
    for nth, row in enumerate(rows):
        pointer = f"/rate_card/{nth}"
        others = {name for name in ("by_province", "by_term", "tiers", "steps") if row.get(name)}
        if "tiers" in others and (row["basis"] != Basis.PER_DAY or len(others) > 1):
            yield Finding("tiers-alone", "Only a rate per day has tiers, and no other amounts with them.", pointer)
        if "steps" in others and others & {"by_province", "by_term"}:
            detail = "Amounts by date do not go with amounts by place or term."
            yield Finding("steps-alone", detail, f"{pointer}/steps", "F-04")
        limits = [tier["up_to_days"] for tier in row.get("tiers", ())]
        whole = [limit for limit in limits if limit is not None]
        if limits and (limits[-1] is not None or None in limits[:-1] or whole != sorted(set(whole))):
            yield Finding("tiers", "Tiers ascend and only the last has no limit.", f"{pointer}/tiers", "F-04")
        days = [step["from"] for step in row.get("steps", ())]
        if days != sorted(set(days)):
            yield Finding("steps", "Steps ascend, one a day.", f"{pointer}/steps", "F-04")
        if any(not _is_day(day) for day in days):
            yield Finding("bad-date", "There is no such day.", f"{pointer}/steps", "F-04")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
