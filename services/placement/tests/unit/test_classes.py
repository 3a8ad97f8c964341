"""Rules of short classes as pure functions (K-01 to K-09)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.domain.classes.attendance import ClassAttendance, attended
from placement.domain.classes.breakouts import assign_groups
from placement.domain.classes.evaluation import must_be_scores, results
from placement.domain.classes.seats import ClassQuota, ClassSeat, next_in_line
from placement.domain.classes.short_class import ShortClass
from placement.domain.classes.timetable import ClassSession, timetable_findings
from placement.testing.class_road import UNITS, class_rules, timetable
from shared.kernel.refusals import Malformed

RULES = class_rules()
ONE = UUID(int=1)


def a_seat(number: int, category: str) -> ClassSeat:
    return ClassSeat(
        id=UUID(int=number), class_id=ONE, number=number, category=category, unit="cn/11/P001", province="11",
        account=f"a-{number}",
    )  # fmt: skip


def a_class() -> ShortClass:
    return ShortClass(
        id=ONE, programme="p", policy_version="v", batch="b", session="2006", code="c", title_zh="班", title_en="class",
        organiser="cn", host="hosts/H001", host_province="11", starts_on=date(2006, 9, 4), ends_on=date(2006, 9, 8),
        registers_until=date(2006, 9, 4),
    )  # fmt: skip


def a_session(**more: Any) -> ClassSession:
    line = timetable()[1] | more
    moments = {name: datetime.fromisoformat(line[name]) for name in ("starts_at", "ends_at")}
    return ClassSession(id=UUID(int=line["number"]), class_id=ONE, **line | moments)


def test_the_policy_asks_for_the_units_of_the_source() -> None:
    """K-01: 30 + 140 + 12 + 16 + 230 = 428 units, seats for more than 500 persons; K-03: three groups."""
    asked = {category.code: category.units for category in RULES.categories}

    assert asked == UNITS
    assert (sum(asked.values()), sum(category.seats for category in RULES.categories) > 500) == (428, True)
    assert (RULES.groups, len(RULES.dimensions)) == (3, 5)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from("abcde"), max_size=80),
    st.integers(1, 7),
    st.text(max_size=5),
    st.randoms(use_true_random=False),
)
def test_groups_are_balanced_and_repeatable(categories: list[str], groups: int, seed: str, order: Any) -> None:
    """K-03: sizes differ by one at most, in all and in each category; the order of the delegates does not matter."""
    seats = [a_seat(number, category) for number, category in enumerate(categories, 1)]

    dealt = assign_groups(seats, groups, seed)

    shuffled = list(seats)
    order.shuffle(shuffled)
    assert assign_groups(shuffled, groups, seed) == dealt
    for some in (set(categories), *({each} for each in set(categories))):
        sizes = Counter(dict.fromkeys(range(1, groups + 1), 0))
        sizes.update(dealt[seat.number] for seat in seats if seat.category in some)
        assert max(sizes.values()) - min(sizes.values()) <= 1


def test_another_seed_gives_other_groups() -> None:
    """The seed matters."""
    seats = [a_seat(number, "a") for number in range(1, 61)]

    assert assign_groups(seats, 3, "one") != assign_groups(seats, 3, "two")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("lecture", "qa", "self_study")), st.sampled_from(list(ClassAttendance)))))
def test_the_share_is_of_what_counts(marks: list[tuple[str, ClassAttendance]]) -> None:
    """Self-study and excused sessions are left out; the share is whole percent rounded down."""
    counting = [mark for kind, mark in marks if kind != "self_study" and mark is not ClassAttendance.EXCUSED]

    said = attended(marks, RULES)

    assert said.share == (100 * counting.count(ClassAttendance.PRESENT) // len(counting) if counting else 0)
    assert said.lectures == marks.count(("lecture", ClassAttendance.PRESENT))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=5, max_size=5))
def test_small_counts_are_never_shown(counts: list[int]) -> None:
    """domain.md 7.3: below ten answers nothing; a distribution only when none of its counts is a small one."""
    shown = results([("universality", score, count) for score, count in enumerate(counts, 1)], RULES)[0]

    if sum(counts) < 10:
        assert (shown.answers, shown.mean, shown.counts) == (None, None, None)
    else:
        assert shown.mean == round(sum(s * c for s, c in enumerate(counts, 1)) / sum(counts), 1)
        assert (shown.counts is None) == any(0 < count < 10 for count in counts)


def test_the_form_is_answered_whole() -> None:
    """K-09: five dimensions, all problems at once."""
    with pytest.raises(Malformed) as refused:
        must_be_scores({"universality": 6, "beauty": 3, "pertinence": 5, "flexibility": 1}, RULES)

    assert {(f.code, f.pointer) for f in refused.value.findings} == {
        ("unknown-dimension", "/scores/beauty"), ("score-range", "/scores/universality"),
        ("score-missing", "/scores/enthusiasm"), ("score-missing", "/scores/effectiveness"),
    }  # fmt: skip


def test_the_timetable_of_the_source_fits() -> None:
    """K-02, K-03, K-06: ten lectures and three breakouts at once."""
    lines = timetable()

    assert timetable_findings(a_class(), [a_session(**line) for line in lines], RULES, {}) == []
    assert [line["kind"] for line in lines].count("lecture") == 10


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "party"}, "unknown-kind"),
        ({"ends_at": "2006-09-04T00:30:00Z", "starts_at": "2006-09-04T00:30:00Z"}, "ends-before-start"),
        ({"starts_at": "2006-09-03T14:00:00Z", "ends_at": "2006-09-03T15:59:00Z"}, "outside-class"),
        ({"breakout": 4}, "unknown-group"),
        ({"lecturers": []}, "lecturer-missing"),
        ({"number": 3}, "sessions-overlap"),
        ({"number": 3, "breakout": 2, "kind": "breakout"}, "lecturer-twice"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_timetable_that_does_not_fit_is_refused(more: dict[str, Any], code: str) -> None:
    """Kinds, days (in the calendar of the place), groups, sessions and lecturers in two places at once."""
    other = [a_session(breakout=1)] if "number" in more and "breakout" in more else []
    other += [a_session()] if "number" in more and "breakout" not in more else []

    found = timetable_findings(a_class(), [*other, a_session(**more)], RULES, {more.get("number", 2): "/items/0"})

    assert code in {finding.code for finding in found}
    assert {finding.pointer[:8] for finding in found if finding.code == code} == {"/items/0"}


def test_who_registered_first_moves_up_first() -> None:
    """S-14: the queue of a category is in order of registration."""
    quota = ClassQuota(id=ONE, class_id=ONE, category="a", units=1, seats=2, taken=0)
    line = [a_seat(number, "a" if number != 2 else "b") for number in (4, 2, 3, 1)]

    assert [seat.number for seat in next_in_line(line, quota)] == [1, 3]
