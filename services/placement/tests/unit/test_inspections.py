"""The draw of inspections: reproducible, favouring who was not seen for long, without a cadence (D-03)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from placement.domain.inspections.drawing import Candidate, draw, how_many

FIRST, LAST = date(2024, 3, 1), date(2024, 12, 31)
hosts = st.dictionaries(st.from_regex(r"hosts/H[0-9]{3}", fullmatch=True), st.integers(0, 1100), max_size=30)


@given(hosts, st.integers(0, 40), st.data())
@settings(max_examples=60, deadline=None)
def test_a_draw_is_a_function_of_its_seed(known: dict[str, int], count: int, data: st.DataObject) -> None:
    """The same whatever order the hosts come in; nobody twice; every day inside the window."""
    candidates = [Candidate(host=host, days_since=days) for host, days in known.items()]

    drawn = draw(candidates, count, "seed", FIRST, LAST)

    assert draw(data.draw(st.permutations(candidates)), count, "seed", FIRST, LAST) == drawn
    assert len({each.host for each in drawn}) == len(drawn) == min(count, len(candidates))
    assert all(FIRST <= each.planned_on <= LAST for each in drawn)


def test_who_was_not_seen_for_long_is_likelier_and_nobody_is_safe() -> None:
    """1000 seeds: seen 3 years ago against seen 30 days ago about 35 to 1; the recent one is drawn now and then."""
    candidates = [Candidate(host="old", days_since=1095), Candidate(host="recent", days_since=30)]

    first = Counter(draw(candidates, 1, str(seed), FIRST, LAST)[0].host for seed in range(1000))

    assert 5 < first["recent"] < 70
    assert first["old"] + first["recent"] == 1000


def test_days_have_no_cadence() -> None:
    """Over 600 seeds the days of one host fall into every month and on every weekday."""
    days = [draw([Candidate(host="h", days_since=1)], 1, str(n), FIRST, LAST)[0].planned_on for n in range(600)]

    assert len({day.month for day in days}) == 10
    assert min(Counter(day.weekday() for day in days).values()) > 40


def test_the_share_counts_what_was_done_this_year() -> None:
    """20 % of 178 hosts are 36; with 30 seen, 6 are left; never less than none."""
    assert (how_many(178, 20, 0), how_many(178, 20, 30), how_many(178, 20, 50)) == (36, 6, 0)
