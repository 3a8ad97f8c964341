"""Rates by the day, by tiers, by term and date: divided once, never above the whole, monotone (F-04, M-03)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.domain.payments.rates import Basis, Circumstance, DayTier, Rate, Span, rate_findings
from funding.domain.policy import read_policy
from funding.domain.standing.entitlement import entitled, payment_plan
from funding.domain.standing.story import Arrival, Change, Ending, Placing, Selection, Story
from funding.testing.office import Office, policy_content

WHO = UUID(int=1 << 70)
START, END = date(2024, 7, 1), date(2025, 6, 30)
HERE = Circumstance("11", "P1Y")


def span(first: int, last: int) -> Span:
    return Span(START + timedelta(first - 1), START + timedelta(last - 1))


@given(amount=st.integers(0, 10**8), standard=st.integers(1, 800), days=st.integers(0, 800))
@settings(max_examples=150, deadline=None)
def test_a_rate_for_the_term_is_whole_for_the_days_agreed_and_grows_with_the_days(
    amount: int, standard: int, days: int
) -> None:
    rate = Rate("fee", amount, Basis.DAILY)
    days = min(days, standard)

    some = rate.worth([span(1, days)] if days else [], standard, START, HERE)
    more = rate.worth([span(1, days + 1)], standard, START, HERE)

    assert 0 <= some <= more
    assert some <= amount
    assert rate.worth([span(1, standard)], standard, START, HERE) == amount
    assert rate.worth([span(1, standard + 1)], standard, START, HERE) >= amount


@given(
    amounts=st.lists(st.integers(0, 10**6), min_size=1, max_size=4),
    cut=st.integers(1, 364),
    steps=st.lists(st.integers(2, 364), min_size=3, max_size=3, unique=True),
)
@settings(max_examples=100, deadline=None)
def test_amounts_per_day_add_up_whatever_the_days_are_cut_into(amounts: list[int], cut: int, steps: list[int]) -> None:
    """Effective dates: each day has the amount that holds on it; the parts are the whole to the fen."""
    dated = tuple((START + timedelta(day - 1), amount) for day, amount in zip(sorted(steps), amounts[1:], strict=False))
    rate = Rate("allowance", amounts[0], Basis.PER_DAY, steps=dated)

    whole = rate.worth([span(1, 365)], 365, START, HERE)
    parts = [rate.worth([each], 365, START, HERE) for each in (span(1, cut), span(cut + 1, 365))]

    assert sum(parts) == whole
    assert rate.worth([span(1, cut), span(cut + 1, 365)], 365, START, HERE) == whole
    assert whole == sum(rate.on(START + timedelta(day), HERE) for day in range(365))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=5), st.integers(1, 5))
@settings(max_examples=80, deadline=None)
def test_tiers_grow_with_the_days(days: list[int], width: int) -> None:
    rate = Rate("stay", 0, Basis.PER_DAY, tiers=(DayTier(30 * width, 20_000), DayTier(None, 14_000)))

    found = [rate.worth([span(1, n)] if n else [], 365, START, HERE) for n in sorted(days)]

    assert found == sorted(found)
    assert all(worth <= n * 20_000 for worth, n in zip(found, sorted(days), strict=True))


def test_thirty_days_at_one_amount_and_the_rest_at_another() -> None:
    rate = Rate("stay", 0, Basis.PER_DAY, tiers=(DayTier(30, 20_000), DayTier(None, 14_000)))

    assert [rate.worth([span(1, n)], 60, START, HERE) for n in (1, 30, 31, 60)] == [
        20_000, 600_000, 614_000, 1_020_000
    ]  # fmt: skip


def test_the_term_goes_before_the_province_and_both_before_the_standard() -> None:
    rate = Rate("travel", 1, Basis.FIXED, by_province={"11": 2}, by_term={"P2Y": 3})

    found = [rate.on(START, Circumstance(p, t)) for p, t in (("11", "P2Y"), ("11", "P1Y"), ("12", "P1Y"), (None, None))]

    assert found == [3, 2, 1, 1]


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"basis": "daily", "tiers": [{"up_to_days": None, "amount": "1"}]}, ["tiers-alone"]),
        ({"basis": "per_day", "tiers": [{"up_to_days": 9, "amount": "1"}]}, ["tiers"]),
        ({"basis": "per_day", "steps": [{"from": "2024-02-30", "amount": "1"}]}, ["bad-date"]),
        ({"steps": [{"from": "2024-02-02", "amount": "1"}] * 2, "by_term": {"P1Y": "1"}}, ["steps-alone", "steps"]),
    ],
)
def test_rates_that_do_not_fit_together_are_all_reported(more: dict[str, Any], codes: list[str]) -> None:
    row = {"category": "a", "amount": "1.00", "basis": "daily"} | more

    assert [finding.code for finding in rate_findings([row])] == codes


def story(*changes: Change, **more: Any) -> Story:
    return Story(
        selection=Selection(1, START, END, "P1Y"),
        placing=Placing("H1", "11", START, END),
        changes=list(changes),
        **more,
    )


def test_suspended_days_are_paid_or_not_as_the_policy_says() -> None:
    """100 days suspended of 365: nothing for them, and everything again when the policy pays for them."""
    told = story(
        Change("a", START + timedelta(100), "H1", END, "suspended"),
        Change("b", START + timedelta(200), "H1", END, "resumed"),
    )
    unpaid = read_policy(policy_content("batch-3") | {"pay_suspension": False})

    assert entitled(told, unpaid)["host-training-fee"] == 580_822  # 8 000.00 × 265 / 365, half up
    assert entitled(told, unpaid)["travel"] == 200_000
    assert entitled(told, read_policy(policy_content("batch-3")))["host-training-fee"] == 800_000


def test_an_unfinished_suspension_late_arrival_and_early_end_are_counted_once() -> None:
    unpaid = read_policy(policy_content("batch-3") | {"pay_suspension": False})
    late = Arrival("H1", START + timedelta(10), late=True)
    stopped = Change("a", START + timedelta(20), "H1", END, "suspended")
    ended = Ending(True, START + timedelta(30), "early", "health", 10)

    assert entitled(story(stopped, arrival=late), unpaid)["host-training-fee"] == 21_918  # 10 days
    assert entitled(story(stopped, arrival=late, ending=ended), unpaid)["host-training-fee"] == 21_918


def test_an_extension_is_paid_where_the_policy_pays_it() -> None:
    longer = Change("a", date(2025, 5, 1), "H1", END + timedelta(73), "extended")
    paid = read_policy(policy_content("batch-3") | {"pay_extension": True})

    assert entitled(story(longer), paid)["host-training-fee"] == 960_000  # a fifth more
    assert entitled(story(longer), read_policy(policy_content("batch-3")))["host-training-fee"] == 800_000


def test_an_instalment_may_fall_due_when_a_part_of_the_term_is_over() -> None:
    """One plan for terms of one and two years."""
    content = policy_content("batch-3")
    content["instalments"][1] = {
        "milestone": "half", "due": "date", "term_share": 5000, "share": 4000, "payee": "host"
    }  # fmt: skip

    plan = payment_plan(story(arrival=Arrival("H1", START, late=False)), read_policy(content), START)

    assert [step.due_on for step in plan] == [START, date(2024, 12, 30), None]


@pytest.mark.parametrize(("reason", "back"), [("illness", 0), ("family", 4000), ("other", 10_000)])
async def test_the_policy_says_what_share_of_an_overpayment_is_claimed_back(reason: str, back: int) -> None:
    """Told twice it is claimed once; what came back of it counts."""
    rules = [
        {"on": "early_end", "reasons": ["illness"], "share": 0},
        {"on": "early_end", "reasons": ["family"], "share": 4000},
    ]
    office = Office()
    await office.allocated(await office.opened(clawback={"grace_days": 10, "rules": rules}), 1)
    await office.selected(WHO)
    await office.placed(WHO)
    office.today = START
    await office.arrived(WHO)
    await office.pays()
    for _ in range(2):
        await office.hears(WHO, lambda told: setattr(told, "ending", Ending(True, START, "early", reason, 1)))

    [first] = [each for each in office.shelf.instalments.values() if each.was_paid]
    overpaid = 680_000 - 2_192 - 2_466  # of the first 40 per cent, one day of each daily rate is owed

    assert sum(first.outstanding.values()) == round(overpaid * back / 10_000)
    assert first.clawback_due_on == (date(2024, 7, 11) if back else None)
    if back:
        await office.recovers()
    await office.hears(WHO, lambda told: setattr(told, "ending", Ending(True, START, "early", reason, 1)))
    assert not first.outstanding
