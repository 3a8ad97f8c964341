"""Sampling plans: which entries an auditor looks at, a function of the population and a published seed (F-06).

Whoever has the seed and the books draws the same sample again, so nobody can say that it was picked.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final
from uuid import UUID

SATURDAY: Final = 5
NEAR: Final = 9000
"""Basis points of a threshold above which an amount is near to it."""
ROUND: Final = 1_000_000
"""Fen that make an amount round: 10 000 yuan."""


INSPECTED: Final = frozenset(
    {"granted", "budgeted", "paid", "clawback_due", "clawed_back", "waived", "returned", "reversed"}
)
"""Kinds of entries that auditors look at: money that came, was approved, left, came back or was corrected."""


class SamplingPlan(StrEnum):
    """How a sample is drawn."""

    RANDOM = "random"
    """Every entry is equally likely."""
    MONETARY_UNIT = "monetary_unit"
    """Every fen is equally likely: large entries are certain to be drawn."""
    BY_RISK = "by_risk"
    """The entries with the most warning signs."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be drawn; ``amount`` is what it moved, in fen."""

    entry: UUID
    kind: str
    amount: int
    booked_on: date
    posted_by: str
    payee: str | None
    session: str | None


@dataclass(frozen=True, slots=True)
class SampleItem:
    """An entry that was drawn, and why it was."""

    entry: UUID
    amount: int
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Population:
    """What was drawn from: number, fen, and a digest by which the same population is known again."""

    count: int
    amount: int
    digest: str


def described(candidates: Sequence[Candidate]) -> Population:
    """The population's number, amount and SHA-256 over id and amount of every entry in the order of ids."""
    digest = hashlib.sha256()
    for each in _ordered(candidates):
        digest.update(f"{each.entry}:{each.amount};".encode())
    return Population(len(candidates), sum(each.amount for each in candidates), digest.hexdigest())


def draw(
    plan: SamplingPlan, candidates: Sequence[Candidate], *, size: int, seed: str, limits: Sequence[int] = ()
) -> list[SampleItem]:
    """Draw at most ``size`` entries; ``limits`` are the thresholds of approval in fen. Ordered by entry id."""
    ordered = _ordered(candidates)
    if plan is SamplingPlan.RANDOM:
        drawn = [SampleItem(each.entry, each.amount) for each in sorted(ordered, key=_lot(seed))[:size]]
    elif plan is SamplingPlan.MONETARY_UNIT:
        drawn = _by_fen(ordered, size, seed)
    else:
        drawn = _by_risk(ordered, size, seed, limits)
    return sorted(drawn, key=lambda item: item.entry)


def warning_signs(candidates: Sequence[Candidate], limits: Sequence[int], days: int = 30) -> dict[UUID, list[str]]:
    """What speaks for a closer look, by entry.

    ``near-threshold``: just below a limit of approval. ``split``: below a limit, but above it together with what the same
    payee got within ``days``. ``same-amount``: the same payee got the same amount within ``days``. ``weekend``: booked
    on one. ``round``: a multiple of 10 000 yuan. ``reversal``: undoes another entry.
    """
    signs: dict[UUID, list[str]] = defaultdict(list)
    for each in candidates:
        if any(limit * NEAR // 10_000 < each.amount <= limit for limit in limits):
            signs[each.entry].append("near-threshold")
        if each.booked_on.weekday() >= SATURDAY:
            signs[each.entry].append("weekend")
        if each.amount % ROUND == 0:
            signs[each.entry].append("round")
        if each.kind == "reversed":
            signs[each.entry].append("reversal")
    for payments in _by_payee(candidates).values():
        _splits(payments, limits, days, signs)
        _doubles(payments, days, signs)
    return signs


def _splits(payments: list[Candidate], limits: Sequence[int], days: int, signs: dict[UUID, list[str]]) -> None:
    first = total = 0
    for last, each in enumerate(payments):
        total += each.amount
        while (each.booked_on - payments[first].booked_on).days >= days:
            total -= payments[first].amount
            first += 1
        inside = payments[first : last + 1]
        if any(total > limit >= max(x.amount for x in inside) for limit in limits):
            for x in inside:
                if "split" not in signs[x.entry]:
                    signs[x.entry].append("split")


def _doubles(payments: list[Candidate], days: int, signs: dict[UUID, list[str]]) -> None:
    by_amount = sorted(payments, key=lambda each: (each.amount, each.booked_on, each.entry))
    for one, other in pairwise(by_amount):
        if one.amount == other.amount and (other.booked_on - one.booked_on).days < days:
            for x in (one, other):
                if "same-amount" not in signs[x.entry]:
                    signs[x.entry].append("same-amount")


def _by_payee(candidates: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = defaultdict(list)
    for each in sorted(candidates, key=lambda x: (x.booked_on, x.entry)):
        if each.payee is not None and each.kind == "paid":
            found[each.payee].append(each)
    return found


def _by_fen(ordered: list[Candidate], size: int, seed: str) -> list[SampleItem]:
    total = sum(each.amount for each in ordered)
    interval = max(1, total // size)
    point = int.from_bytes(hashlib.sha256(seed.encode()).digest()) % interval
    drawn: list[SampleItem] = []
    reached = 0
    for each in ordered:
        reached += each.amount
        hits = 0
        while point < reached and len(drawn) < size:
            point += interval
            hits += 1
        if hits:
            drawn.append(SampleItem(each.entry, each.amount, ["certain"] if each.amount >= interval else []))
    return drawn


def _by_risk(ordered: list[Candidate], size: int, seed: str, limits: Sequence[int]) -> list[SampleItem]:
    signs, lot = warning_signs(ordered, limits), _lot(seed)
    risky = [each for each in ordered if signs.get(each.entry)]
    risky.sort(key=lambda each: (-len(signs[each.entry]), lot(each)))
    return [SampleItem(each.entry, each.amount, sorted(signs[each.entry])) for each in risky[:size]]


def _lot(seed: str) -> Callable[[Candidate], bytes]:
    return lambda each: hashlib.sha256(f"{seed}:{each.entry}".encode()).digest()


def _ordered(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda each: each.entry)
