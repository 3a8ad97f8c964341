"""A number with its unit and precision: percent and percentage point are different units and never mix."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Unit(StrEnum):
    """What a number counts."""

    PERSONS = "persons"
    COUNT = "count"
    CNY = "cny"
    PERCENT = "percent"
    PERCENTAGE_POINT = "percentage_point"
    PER_ITEM = "per_item"
    YEARS = "years"


class Precision(StrEnum):
    """How a source states a number (超过, 约, 据不完全统计)."""

    EXACT = "exact"
    MORE_THAN = "more_than"
    ABOUT = "about"
    INCOMPLETE = "incomplete"


class Rounding(StrEnum):
    """How the last digit is found."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


COUNTED = frozenset({Unit.PERSONS, Unit.COUNT, Unit.CNY})
"""Units whose numbers add up."""

_ORDER = (Precision.EXACT, Precision.MORE_THAN, Precision.ABOUT, Precision.INCOMPLETE)


class WrongUnits(ValueError):
    """A formula was given units that it may not combine."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, exact inside; ``low`` and ``high`` bound it where rounding of a source leaves room."""

    value: Fraction
    unit: Unit
    precision: Precision = Precision.EXACT
    low: Fraction | None = None
    high: Fraction | None = None


def worst(*precisions: Precision) -> Precision:
    """The precision of what is computed from several numbers: the least precise of them."""
    return max(precisions, key=_ORDER.index, default=Precision.EXACT)


def rounded(value: Fraction, decimals: int, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """``value`` with ``decimals`` places; half-up, also of negative numbers, reproduces what the sources print."""
    scale = 10**decimals
    scaled = value * scale
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    twice = 2 * rest - scaled.denominator
    up = twice > 0 or (twice == 0 and (rounding is Rounding.HALF_UP or whole % 2 == 1))
    units = (whole + up) * (-1 if scaled < 0 else 1)
    return Decimal(units).scaleb(-decimals)
