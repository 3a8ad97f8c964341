"""The closed set of formulas. Each says which units it takes; a wrong combination raises ``WrongUnits``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from gateway.domain.statistics.quantity import COUNTED, Precision, Quantity, Unit, WrongUnits, worst

Inputs = dict[str, list[Quantity]]
"""Numbers by the name of the operand; most formulas take exactly one each."""

HUNDRED = Fraction(100)
WINDOW = 5
"""Years of a rolling maximum, this one included (T-07)."""


class NotDefined(ValueError):
    """The numbers give no result: nothing to divide by, too few years."""


def _one(inputs: Inputs, name: str) -> Quantity:
    found = inputs[name]
    if len(found) != 1:
        raise NotDefined(f"{name} must be one number, there are {len(found)}")
    return found[0]


def _same(first: Quantity, second: Quantity) -> None:
    if first.unit is not second.unit:
        raise WrongUnits(f"{first.unit} and {second.unit} do not go together")


def _need(found: Quantity, *units: Unit) -> None:
    if found.unit not in units:
        raise WrongUnits(f"{found.unit} where one of {', '.join(units)} is needed")


def _over(value: Fraction, by: Fraction) -> Fraction:
    if by == 0:
        raise NotDefined("nothing to divide by")
    return value / by


def _bound(*found: Quantity) -> Precision:
    """The precision of a quotient or difference: a lower bound of one side is no lower bound of the result."""
    precision = worst(*(one.precision for one in found))
    unclear = precision is Precision.MORE_THAN and found[-1].precision is not Precision.EXACT
    return Precision.ABOUT if unclear else precision


def total(inputs: Inputs) -> Quantity:
    """Sum of numbers of one unit that add up; shares do not."""
    values = inputs["value"]
    if not values:
        raise NotDefined("there is nothing to add")
    for value in values:
        _need(value, *COUNTED)
        _same(values[0], value)
    return Quantity(
        sum((one.value for one in values), Fraction(0)), values[0].unit, worst(*(one.precision for one in values))
    )


def single(inputs: Inputs) -> Quantity:
    """The one number as it was stated."""
    return _one(inputs, "value")


def count(inputs: Inputs) -> Quantity:
    """How many numbers there are."""
    return Quantity(Fraction(len(inputs["value"])), Unit.COUNT)


def share(inputs: Inputs) -> Quantity:
    """Part of a whole of the same unit, in percent."""
    part, whole = _one(inputs, "part"), _one(inputs, "whole")
    _need(part, *COUNTED)
    _same(part, whole)
    return Quantity(HUNDRED * _over(part.value, whole.value), Unit.PERCENT, _bound(part, whole))


def ratio(inputs: Inputs) -> Quantity:
    """Numbers per item; units may differ."""
    over, under = _one(inputs, "over"), _one(inputs, "under")
    _need(over, *COUNTED)
    _need(under, *COUNTED)
    return Quantity(_over(over.value, under.value), Unit.PER_ITEM, _bound(over, under))


def difference(inputs: Inputs) -> Quantity:
    """How much more; never of shares, whose difference is in percentage points."""
    value, base = _one(inputs, "value"), _one(inputs, "base")
    _need(value, *COUNTED, Unit.PER_ITEM, Unit.YEARS)
    _same(value, base)
    return Quantity(value.value - base.value, value.unit, _bound(value, base))


def relative_change(inputs: Inputs) -> Quantity:
    """Change in percent of the base, like for like: both numbers have one unit; percentage points have no base."""
    value, base = _one(inputs, "value"), _one(inputs, "base")
    _need(value, *COUNTED, Unit.PERCENT, Unit.PER_ITEM)
    _same(value, base)
    changed = HUNDRED * (_over(value.value, base.value) - 1)
    return Quantity(changed, Unit.PERCENT, _bound(value, base))


def percentage_point_change(inputs: Inputs) -> Quantity:
    """Difference of two shares, in percentage points."""
    value, base = _one(inputs, "value"), _one(inputs, "base")
    _need(value, Unit.PERCENT)
    _need(base, Unit.PERCENT)
    return Quantity(value.value - base.value, Unit.PERCENTAGE_POINT, _bound(value, base))


def earlier_share(inputs: Inputs) -> Quantity:
    """The share before a change that is stated in percentage points."""
    now, by = _one(inputs, "value"), _one(inputs, "change")
    _need(now, Unit.PERCENT)
    _need(by, Unit.PERCENTAGE_POINT)
    return Quantity(now.value - by.value, Unit.PERCENT, _bound(now, by))


def implied_part(inputs: Inputs) -> Quantity:
    """The number that a share of a whole stands for; it is about, because a share is rounded."""
    part, whole = _one(inputs, "share"), _one(inputs, "whole")
    _need(part, Unit.PERCENT)
    _need(whole, *COUNTED)
    return Quantity(part.value * whole.value / HUNDRED, whole.unit, worst(Precision.ABOUT, part.precision))


def implied_whole(inputs: Inputs) -> Quantity:
    """The denominator that a number and its share, printed with one decimal, imply: a value and an interval (T-05)."""
    part, portion = _one(inputs, "part"), _one(inputs, "share")
    _need(part, *COUNTED)
    _need(portion, Unit.PERCENT)
    half = Fraction(1, 20)
    return Quantity(
        HUNDRED * _over(part.value, portion.value),
        part.unit,
        worst(Precision.ABOUT, part.precision, portion.precision),
        low=HUNDRED * _over(part.value, portion.value + half),
        high=HUNDRED * _over(part.value, portion.value - half),
    )


def net_flow(inputs: Inputs) -> Quantity:
    """What came in less what went out (T-06)."""
    inflow, outflow = _one(inputs, "inflow"), _one(inputs, "outflow")
    _need(inflow, *COUNTED)
    _same(inflow, outflow)
    return Quantity(inflow.value - outflow.value, inflow.unit, _bound(inflow, outflow))


def sign_reversal(inputs: Inputs) -> Quantity:
    """1 when a net flow changed its sign against the period before, 0 when not (T-06)."""
    now, before = net_flow(inputs), net_flow({"inflow": inputs["inflow_before"], "outflow": inputs["outflow_before"]})
    turned = now.value * before.value < 0
    return Quantity(Fraction(int(turned)), Unit.COUNT, worst(now.precision, before.precision))


def rolling_maximum(inputs: Inputs) -> Quantity:
    """1 when the last of five consecutive years is their highest, 0 when not (T-07); numbers come in the order of years."""
    values = inputs["value"][-WINDOW:]
    if len(values) < WINDOW:
        raise NotDefined(f"{WINDOW} years are needed, there are {len(values)}")
    for value in values:
        _same(values[0], value)
    highest = all(values[-1].value > other.value for other in values[:-1])
    return Quantity(Fraction(int(highest)), Unit.COUNT, worst(*(one.precision for one in values)))


def median(inputs: Inputs) -> Quantity:
    """The middle of numbers of one unit; the mean of the two middle ones when their number is even."""
    values: Sequence[Quantity] = sorted(inputs["value"], key=lambda one: one.value)
    if not values:
        raise NotDefined("there is nothing to take the middle of")
    for value in values:
        _same(values[0], value)
    middle = len(values) // 2
    found = values[middle].value
    if len(values) % 2 == 0:
        found = (found + values[middle - 1].value) / 2
    return Quantity(found, values[0].unit, worst(*(one.precision for one in values)))


FORMULAS: dict[str, tuple[Callable[[Inputs], Quantity], tuple[str, ...]]] = {
    "count": (count, ("value",)),
    "value": (single, ("value",)),
    "sum": (total, ("value",)),
    "share": (share, ("part", "whole")),
    "ratio": (ratio, ("over", "under")),
    "difference": (difference, ("value", "base")),
    "relative_change": (relative_change, ("value", "base")),
    "percentage_point_change": (percentage_point_change, ("value", "base")),
    "earlier_share": (earlier_share, ("value", "change")),
    "implied_part": (implied_part, ("share", "whole")),
    "implied_whole": (implied_whole, ("part", "share")),
    "net_flow": (net_flow, ("inflow", "outflow")),
    "sign_reversal": (sign_reversal, ("inflow", "outflow", "inflow_before", "outflow_before")),
    "rolling_maximum": (rolling_maximum, ("value",)),
    "median": (median, ("value",)),
}
"""Formula → its function and the operands it takes; nothing else can be said in a definition."""

FRACTIONS = {"share": ("part", "whole"), "ratio": ("over", "under")}
"""Formulas with a numerator and a denominator, by operand."""
