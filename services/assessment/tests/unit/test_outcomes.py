"""Figures of outcomes: rounding, and what is withheld so that nobody is singled out."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.domain.returning.outcomes import K, cells, per_person, share, things


def test_shares_round_half_up_to_one_decimal() -> None:
    """Golden numbers: 727 of 1345 are 54.1 %, 96 papers of 120 trainees 0.8 each."""
    assert (share(727, 1345), share(618, 1345)) == (Decimal("54.1"), Decimal("45.9"))
    assert per_person(96, 120) == Decimal("0.8")
    assert (share(1, 0), per_person(1, 0)) == (None, None)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=5), st.integers(0, 40))
def test_no_small_cell_is_shown_and_none_can_be_computed(counts: list[int], rest: int) -> None:
    """A single withheld cell would be the whole less the others; so there are never exactly one, unless it is all."""
    named = {str(n): count for n, count in enumerate(counts)}
    whole = sum(counts) + rest

    shown = {cell.code: cell.count for cell in cells(named, whole)}

    assert all(count is None or count == 0 or count >= K for count in shown.values())
    hidden = [named[code] for code, count in shown.items() if count is None] + ([rest] if rest > 0 else [])
    small = [count for count in [*counts, rest] if 0 < count < K]
    if small and sum(count > 0 for count in [*counts, rest]) > 1:
        assert len(hidden) > 1


def test_things_of_few_people_are_withheld_altogether() -> None:
    assert [(cell.count, cell.withheld) for cell in things({"paper": 1}, K - 1)] == [(None, True)]
    assert [(cell.count, cell.share) for cell in things({"paper": 12}, 15)] == [(12, Decimal("0.8"))]
