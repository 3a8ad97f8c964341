"""Calibration of score sheets: what a strict or a lenient expert adds or takes away, exactly and boundedly (S-05, P-11).

The additive model says: total = candidate + expert + chance. An expert's shift is estimated by how far their sheets lie, on
average, from the mean of all sheets of the same candidates, shrunk towards zero while they are few, and held within a limit.
Comparing on the same candidates keeps apart who was strict and who saw the weaker candidates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from uuid import UUID

CALIBRATIONS = ("none", "expert_shift")
"""What a policy may choose."""

SHRINK = 3
"""Sheets that speak for "no shift": with n sheets an expert's shift is taken for n / (n + SHRINK)."""

_PLACES = Decimal("0.0001")
_TOP = Fraction(100)


@dataclass(frozen=True, slots=True)
class Given:
    """One sheet's weighted total, 0 to 100."""

    expert: str
    application: UUID
    total: Decimal


@dataclass(frozen=True, slots=True)
class Mean:
    """What a candidate's sheets say together.

    Attributes:
        raw: mean of the totals, four decimals, half up; ``calibrated``: the same after every expert's shift.
        spread: highest minus lowest total.
    """

    sheets: int
    raw: Decimal
    calibrated: Decimal
    spread: Decimal


def expert_shifts(sheets: Collection[Given], limit: Decimal) -> dict[str, Fraction]:
    """Points that each expert gave too much (positive) or too little, exact, between ``-limit`` and ``limit``."""
    by_candidate: dict[UUID, list[Fraction]] = defaultdict(list)
    for sheet in sheets:
        by_candidate[sheet.application].append(Fraction(sheet.total))
    means = {id: sum(totals, Fraction(0)) / len(totals) for id, totals in by_candidate.items()}
    apart: dict[str, list[Fraction]] = defaultdict(list)
    for sheet in sheets:
        apart[sheet.expert].append(Fraction(sheet.total) - means[sheet.application])
    bound = Fraction(limit)
    return {
        expert: max(-bound, min(bound, sum(each, Fraction(0)) / (len(each) + SHRINK))) for expert, each in apart.items()
    }


def calibrated_total(total: Decimal, shift: Fraction) -> Fraction:
    """One sheet after its expert's shift, never below 0 or above 100."""
    return max(Fraction(0), min(_TOP, Fraction(total) - shift))


def means_of(sheets: Sequence[Given], shifts: Mapping[str, Fraction]) -> dict[UUID, Mean]:
    """Both means and the spread of every candidate; without a shift the calibrated mean is the raw one."""
    by_candidate: dict[UUID, list[Given]] = defaultdict(list)
    for sheet in sheets:
        by_candidate[sheet.application].append(sheet)
    return {id: _mean(given, shifts) for id, given in by_candidate.items()}


def _mean(given: Sequence[Given], shifts: Mapping[str, Fraction]) -> Mean:
    totals = [each.total for each in given]
    after = [calibrated_total(each.total, shifts.get(each.expert, Fraction(0))) for each in given]
    return Mean(
        sheets=len(given),
        raw=rounded(sum((Fraction(each) for each in totals), Fraction(0)) / len(totals)),
        calibrated=rounded(sum(after, Fraction(0)) / len(after)),
        spread=max(totals) - min(totals),
    )


def rounded(exact: Fraction) -> Decimal:
    """Four decimals, half up."""
    scaled = exact * 10_000
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return (Decimal(whole) / 10_000).quantize(_PLACES, ROUND_HALF_UP)
