"""Identity numbers, terms, scores, succession: values without I/O."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selection.domain.balancing.tree import QuotaNode, QuotaTree
from selection.domain.panel.calibration import Given, means_of
from selection.domain.panel.panel import weighted_total
from selection.domain.people.identity import check_digit, identity_findings
from selection.domain.people.person import age_on
from selection.domain.policy.policy import Criterion
from selection.domain.programmes.programme import SessionQuota, end_of_term, planned_sessions
from selection.domain.roster.roster import Entry, EntryStanding
from selection.domain.roster.succession import may_replace, successor
from shared.kernel.refusals import Malformed, RuleViolated

TODAY = date(2024, 3, 1)


def test_the_number_of_the_standard_is_sound() -> None:
    """GB 11643-1999, the example of its annex."""
    assert identity_findings("11010519491231002X", date(1949, 12, 31), TODAY, "") == []


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(place: int, shift: int) -> None:
    """ISO 7064 MOD 11-2 finds every single error."""
    first = "54010219800101123"
    wrong = first[:place] + str((int(first[place]) + shift) % 10) + first[place + 1 :]

    assert check_digit(wrong) != check_digit(first)


@pytest.mark.parametrize(
    ("number", "born", "code"),
    [
        ("123", date(1980, 1, 1), "identity-number-shape"),
        ("54010219800101123" + "0", date(1980, 1, 1), "identity-number-check"),
        ("11010519491231002X", date(1950, 1, 1), "identity-number-birth-date"),
        ("11010519491231002X", date(2024, 3, 2), "birth-date-in-future"),
    ],
)
def test_wrong_identities_are_named_without_repeating_them(number: str, born: date, code: str) -> None:
    findings = identity_findings(number, born, TODAY, "/person")

    assert code in {finding.code for finding in findings}
    assert all(number not in finding.detail for finding in findings)


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        (date(2024, 9, 1), "P1Y", date(2025, 8, 31)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 27)),
        (date(2024, 8, 31), "P6M", date(2025, 2, 27)),
        (date(2024, 1, 1), "P1Y6M", date(2025, 6, 30)),
    ],
)
def test_the_end_of_a_term_is_its_last_day(start: date, term: str, end: date) -> None:
    """P-03."""
    assert end_of_term(start, term) == end


@pytest.mark.parametrize("term", ["P", "1Y", "P1D", "", "P1.5Y"])
def test_other_terms_are_refused(term: str) -> None:
    with pytest.raises(Malformed):
        end_of_term(TODAY, term)


def test_the_quotas_of_a_batch_must_sum_to_its_target() -> None:
    """P-02."""
    with pytest.raises(RuleViolated) as refused:
        planned_sessions(240, [SessionQuota("2024", 120), SessionQuota("2025", 119)])

    assert refused.value.values == {"target": 240, "total": 239}


def test_age_counts_birthdays() -> None:
    assert (age_on(date(1980, 3, 1), TODAY), age_on(date(1980, 3, 2), TODAY)) == (44, 43)


def test_totals_and_means_are_exact() -> None:
    """P-11, S-05: weights in percent; mean to four decimals, half up."""
    criteria = [Criterion("a", 30), Criterion("b", 70)]

    assert weighted_total({"a": 81, "b": 90}, criteria, "") == Decimal("87.30")
    sheets = [
        Given(f"e{n}", UUID(int=1), total) for n, total in enumerate((Decimal("87.30"), Decimal(80), Decimal("90.01")))
    ]
    assert means_of(sheets, {})[UUID(int=1)].raw == Decimal("85.7700")


def test_a_sheet_names_everything_that_is_wrong_with_it() -> None:
    with pytest.raises(Malformed) as refused:
        weighted_total({"a": 101, "x": 3}, [Criterion("a", 30), Criterion("b", 70)], "/items/0")

    assert {finding.code for finding in refused.value.findings} == {
        "criterion-missing", "criterion-unknown", "score-range",
    }  # fmt: skip


def entry(number: int, area: str, **more: Any) -> Entry:
    return Entry(
        application=UUID(int=number), standing=EntryStanding.RESERVE, position=number, score=Decimal(1),
        study_direction=None, unit="u", title_level="senior", traits={"area": area}, **more,
    )  # fmt: skip


def test_the_successor_keeps_minimum_and_maximum() -> None:
    """S-06: first who keeps every bound, else first who breaks no maximum, else nobody."""
    nodes = [
        QuotaNode("a", None, 1, 2, {"area": ("a",)}, "a", "a"),
        QuotaNode("b", None, 0, 1, {"area": ("b",)}, "b", "b"),
    ]
    tree = QuotaTree(3, nodes)
    staying = [entry(1, "b"), entry(2, "c")]

    assert successor(tree, staying, [entry(3, "b"), entry(4, "c"), entry(5, "a")]) == entry(5, "a")
    assert successor(tree, staying, [entry(3, "b"), entry(4, "c")]) == entry(4, "c")
    assert successor(tree, staying, [entry(3, "b")]) is None


def test_the_last_day_of_replacement_counts_from_the_planned_start() -> None:
    start = date(2024, 9, 1)

    assert may_replace(date(2024, 9, 15), start, 14)
    assert not may_replace(date(2024, 9, 16), start, 14)
    assert not may_replace(start, start, -1)
