"""Formulas: typed units, rounding as the sources round, precision that is never lost."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.statistics.registry import definitions
from gateway.domain.statistics.formulas import FORMULAS, NotDefined
from gateway.domain.statistics.quantity import COUNTED, Precision, Quantity, Rounding, Unit, WrongUnits, rounded


def q(value: int | str, unit: Unit = Unit.PERSONS, precision: Precision = Precision.EXACT) -> Quantity:
    """A quantity."""
    return Quantity(Fraction(value), unit, precision)


def calculated(formula: str, **inputs: Quantity | list[Quantity]) -> Quantity:
    """The result of a formula."""
    given = {name: value if isinstance(value, list) else [value] for name, value in inputs.items()}
    return FORMULAS[formula][0](given)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_and_the_rest_are_a_hundred(part: int, rest: int) -> None:
    """Exact inside: nothing is lost before the last step."""
    whole = q(part + rest)
    shares = [calculated("share", part=q(one), whole=whole).value for one in (part, rest)]

    assert sum(shares) == 100


@given(st.decimals(-(10**6), 10**6, places=4), st.integers(0, 3))
def test_rounding_is_half_up(value: Decimal, decimals: int) -> None:
    """As the decimal module does it."""
    assert rounded(Fraction(value), decimals) == value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def test_half_even_is_there_for_who_needs_it() -> None:
    """0.5 and 1.5 meet different neighbours."""
    assert [rounded(Fraction(n, 2), 0, Rounding.HALF_EVEN) for n in (1, 3)] == [0, 2]
    assert [rounded(Fraction(n, 2), 0) for n in (1, 3)] == [1, 2]


@pytest.mark.parametrize("unit", [Unit.PERCENT, Unit.PERCENTAGE_POINT])
def test_percent_and_percentage_point_never_mix(unit: Unit) -> None:
    """Shares are not added, not subtracted as percent, and percentage points have no relative change."""
    share = q(54, Unit.PERCENT)
    with pytest.raises(WrongUnits):
        calculated("sum", value=[share, q(46, unit)])
    with pytest.raises(WrongUnits):
        calculated("difference", value=share, base=q(46, unit))
    with pytest.raises(WrongUnits):
        calculated("percentage_point_change", value=share, base=q(22, Unit.PERCENTAGE_POINT))
    with pytest.raises(WrongUnits):
        calculated("relative_change", value=q(22, Unit.PERCENTAGE_POINT), base=q(20, Unit.PERCENTAGE_POINT))
    with pytest.raises(WrongUnits):
        calculated("earlier_share", value=share, change=q(22, Unit.PERCENT))
    assert calculated("percentage_point_change", value=share, base=q(32, Unit.PERCENT)).unit is Unit.PERCENTAGE_POINT


def test_like_is_compared_with_like() -> None:
    """Persons are not compared with units, and not divided into shares of something else."""
    with pytest.raises(WrongUnits):
        calculated("relative_change", value=q(5), base=q(4, Unit.COUNT))
    with pytest.raises(WrongUnits):
        calculated("share", part=q(5), whole=q(10, Unit.CNY))
    with pytest.raises(WrongUnits):
        calculated("net_flow", inflow=q(5), outflow=q(4, Unit.COUNT))


def test_a_net_flow_turns() -> None:
    """A net outflow that became an inflow is a reversal; a smaller outflow is none (T-06)."""
    before = {"inflow_before": q(80), "outflow_before": q(100)}

    assert calculated("net_flow", inflow=q(80), outflow=q(100)).value == -20
    assert calculated("sign_reversal", inflow=q(120), outflow=q(100), **before).value == 1
    assert calculated("sign_reversal", inflow=q(90), outflow=q(100), **before).value == 0


def test_a_five_year_high_needs_five_years() -> None:
    """The last year is strictly the highest of five, and four years tell nothing (T-07)."""
    years = [q(n) for n in (10, 12, 11, 9, 13)]

    assert calculated("rolling_maximum", value=years).value == 1
    assert calculated("rolling_maximum", value=[*years[1:], q(13)]).value == 0
    with pytest.raises(NotDefined):
        calculated("rolling_maximum", value=years[:4])


def test_more_than_becomes_about_below_the_line() -> None:
    """More than 500 by 428 is at least; more than 72 by more than 220 is only about."""
    many = q(500, precision=Precision.MORE_THAN)

    assert calculated("ratio", over=many, under=q(428, Unit.COUNT)).precision is Precision.MORE_THAN
    assert calculated("share", part=many, whole=q(900, precision=Precision.MORE_THAN)).precision is Precision.ABOUT
    assert calculated("median", value=[q(1), q(2), q(4), q(9)]).value == 3


@given(st.sampled_from(sorted(COUNTED)), st.integers(1, 10**6), st.integers(1, 999))
def test_an_implied_whole_is_inside_its_interval(unit: Unit, part: int, tenths: int) -> None:
    """The value lies between what the rounding of the share allows."""
    found = calculated("implied_whole", part=q(part, unit), share=Quantity(Fraction(tenths, 10), Unit.PERCENT))

    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high


def test_definitions_are_sound() -> None:
    """They load, name only formulas, series and statistics that exist, and all kinds but those asked elsewhere."""
    found = definitions()

    assert len(found) > 70
    assert {one.number for one in found.values()} >= set(range(1, 18)) | {19}
