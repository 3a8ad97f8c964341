"""Assignment and calibration: even, deterministic, never conflicted; bounded, monotone, nothing where experts agree (S-05)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as some

from selection.domain.panel.assignment import Member, Seeker, assign, conflicted, loads
from selection.domain.panel.calibration import Given, calibrated_total, expert_shifts, means_of, rounded

UNITS = ("u1", "u2", "u3", None)
LIMIT = Decimal(10)

members = some.lists(
    some.builds(
        Member, some.integers(0, 9).map(lambda n: f"e{n}"), some.sampled_from(UNITS),
        some.sampled_from([(), ("g",), ("h",), ("g", "h")]),
    ),
    min_size=1, max_size=7, unique_by=lambda member: member.account,
)  # fmt: skip
seekers = some.lists(
    some.builds(
        Seeker, some.integers(1, 10_000).map(lambda n: UUID(int=n)), some.integers(5, 40).map(lambda n: f"e{n}"),
        some.sampled_from(["u1", "u2", "u4"]), some.sampled_from("gh"),
    ),
    max_size=20, unique_by=lambda seeker: seeker.application,
)  # fmt: skip
totals = some.decimals(0, 100, places=2)


@settings(max_examples=120, deadline=None)
@given(members, seekers, some.integers(1, 4), some.data())
def test_nobody_is_assigned_whom_they_must_not_see(panel: Any, waiting: Any, wanted: int, data: Any) -> None:
    """Own person, own unit, declared, foreign group: never; otherwise as many as there are, up to what is wanted."""
    pairs = [(seeker.application, member.account) for seeker in waiting for member in panel]
    declared = set(data.draw(some.lists(some.sampled_from(pairs), max_size=6))) if pairs else set()

    plan = assign(panel, waiting, wanted, "seed", declared=declared)

    by_account = {member.account: member for member in panel}
    given_ = Counter(application for application, _ in plan.pairs)
    for seeker in waiting:
        free = [
            member
            for member in panel
            if member.knows(seeker.specialty_group) and not conflicted(member, seeker, declared)
        ]
        assert given_[seeker.application] == min(wanted, len(free))
        assert (seeker.application in plan.short) is (len(free) < wanted)
        for application, account in plan.pairs:
            if application == seeker.application:
                assert by_account[account] in free
    assert len(set(plan.pairs)) == len(plan.pairs)


@settings(max_examples=80, deadline=None)
@given(seekers, some.integers(1, 3), some.text(max_size=5), some.randoms(use_true_random=False))
def test_loads_are_even_and_the_seed_decides(waiting: Any, wanted: int, seed: str, random: Any) -> None:
    """Without conflicts loads differ by one at most; the order of the input changes nothing."""
    panel = [Member(f"x{n}") for n in range(4)]
    shuffled, others = list(waiting), list(panel)
    random.shuffle(shuffled)
    random.shuffle(others)

    plan = assign(panel, waiting, wanted, seed)

    assert set(plan.pairs) == set(assign(others, shuffled, wanted, seed).pairs)
    counted = loads(plan.pairs, panel).values()
    assert max(counted) - min(counted) <= 1


@settings(max_examples=60, deadline=None)
@given(seekers.filter(bool), some.integers(1, 3))
def test_a_conflict_passes_the_candidate_on_and_leaves_the_rest(waiting: Any, wanted: int) -> None:
    """Re-assignment changes nobody else's candidates."""
    panel = [Member(f"x{n}") for n in range(5)]
    before = assign(panel, waiting, wanted, "s").pairs
    application, expert = before[0]
    standing = {pair for pair in before if pair != (application, expert)}

    after = assign(panel, waiting, wanted, "s", declared={(application, expert)}, standing=standing)

    assert [pair[0] for pair in after.pairs] == [application]
    assert after.pairs[0][1] not in {expert, *(e for a, e in standing if a == application)}


sheets = some.lists(
    some.builds(Given, some.sampled_from("abcde"), some.integers(1, 8).map(lambda n: UUID(int=n)), totals),
    min_size=1, max_size=25, unique_by=lambda sheet: (sheet.expert, sheet.application),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(sheets, some.integers(0, 20).map(Decimal))
def test_calibration_is_bounded_and_keeps_every_experts_order(given_: Any, limit: Decimal) -> None:
    """0 to 100, shifts within the limit, nobody's better sheet becomes their worse one, the input's order is nothing."""
    shifts = expert_shifts(given_, limit)
    means = means_of(given_, shifts)

    assert shifts == expert_shifts(list(reversed(given_)), limit)
    assert all(abs(shift) <= limit for shift in shifts.values())
    for mean in means.values():
        assert 0 <= mean.calibrated <= 100
        assert abs(mean.calibrated - mean.raw) <= limit + Decimal("0.0001")
    for one in given_:
        for other in given_:
            if one.expert == other.expert and one.total <= other.total:
                shift = shifts[one.expert]
                assert calibrated_total(one.total, shift) <= calibrated_total(other.total, shift)


@settings(max_examples=60, deadline=None)
@given(some.lists(totals, min_size=1, max_size=8), some.integers(2, 5), some.randoms(use_true_random=False))
def test_nothing_is_shifted_where_experts_agree_in_distribution(
    scores: list[Decimal], experts: int, random: Any
) -> None:
    """The same scores handed out over the same candidates, in whatever order by each: nobody is strict or lenient."""
    given_ = []
    for expert in range(experts):
        mine = list(scores)
        random.shuffle(mine)
        given_ += [Given(f"e{expert}", UUID(int=n + 1), total) for n, total in enumerate(mine)]

    shifts = expert_shifts(given_, LIMIT)

    assert set(shifts.values()) == {Fraction(0)}
    assert all(mean.raw == mean.calibrated for mean in means_of(given_, shifts).values())


def test_a_strict_expert_no_longer_decides_by_whom_they_saw() -> None:
    """Two equal candidates, one seen by a strict expert."""
    sheets_ = [Given("fair", UUID(int=n), Decimal(80)) for n in range(1, 11)]
    sheets_ += [Given("strict", UUID(int=n), Decimal(60)) for n in range(1, 10)]
    sheets_ += [Given("mild", UUID(int=10), Decimal(80))]

    raw, after = means_of(sheets_, {}), means_of(sheets_, expert_shifts(sheets_, LIMIT))

    gap = raw[UUID(int=10)].raw - raw[UUID(int=1)].raw
    assert gap == 10
    assert after[UUID(int=10)].calibrated - after[UUID(int=1)].calibrated < 7
    assert raw[UUID(int=1)].spread == 20


def test_rounding_is_half_up() -> None:
    """Four decimals, once."""
    assert rounded(Fraction(1, 20_000)) == Decimal("0.0001")
    assert rounded(Fraction(2, 3)) == Decimal("0.6667")
    assert rounded(Fraction(100)) == Decimal("100.0000")
