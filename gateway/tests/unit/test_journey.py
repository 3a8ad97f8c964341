"""A journey is a function of the set of its events: no order between topics changes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.fingerprint import cohort_hash, content_hash, document, document_hash, restore
from gateway.domain.folding import WRITES, fold
from gateway.domain.journey import MILESTONES, STAGES, Journey
from gateway.domain.roster import Roster
from gateway.testing.stories import ENDINGS, START, folded, participation, roster_story, story, woven
from shared.contracts.event import REGISTRY

SERVICES = ["selection", "placement", "assessment", "funding"]


@given(ending=st.sampled_from(ENDINGS), order=st.lists(st.sampled_from(SERVICES), max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_order_between_topics_gives_the_same_journey(ending: str, order: list[str]) -> None:
    """Only the order inside one service matters; the log promises that one."""
    streams = story(7, ending)

    straight, shuffled = folded(woven(streams, [])), folded(woven(streams, order))

    assert document_hash(straight) == document_hash(shuffled)
    assert content_hash(straight) == content_hash(shuffled)
    assert straight.stage == shuffled.stage


@given(ending=st.sampled_from(ENDINGS), again=st.lists(st.integers(0, 30), max_size=20))
@settings(max_examples=100, deadline=None)
def test_an_event_that_comes_twice_counts_once(ending: str, again: list[int]) -> None:
    """The log may give a record more than once."""
    arrivals = woven(story(3, ending), [])
    repeated = list(arrivals)
    for index in again:
        place = index % len(arrivals)
        repeated.insert(place + 1 + repeated.index(arrivals[place]), arrivals[place])

    assert document_hash(folded(repeated)) == document_hash(folded(arrivals))


def test_the_same_cohort_on_another_day_has_the_same_content_hash() -> None:
    """Wall-clock noise is no content; the entity tag, in contrast, changes with it."""
    first, later = folded(woven(story(4), [])), folded(woven(story(4, start=START + timedelta(hours=5)), []))

    assert content_hash(first) == content_hash(later)
    assert document_hash(first) != document_hash(later)


@pytest.mark.parametrize(
    ("ending", "stage", "outcome"),
    [
        ("certified", "certified", "certified"),
        ("revoked", "revoked", "revoked"),
        ("failed", "failed", "failed"),
        ("early", "ended", "ended_early"),
        ("withdrawn", "withdrawn", "withdrawn"),
        ("withdrawn_selected", "withdrawn", "withdrawn"),
    ],
)
def test_every_ending_has_its_stage_and_outcome(ending: str, stage: str, outcome: str) -> None:
    journey = folded(woven(story(1, ending), []))

    assert (journey.stage, journey.outcome) == (stage, outcome)


@pytest.mark.parametrize("outcome", ["not_selected", "rejected"])
def test_who_was_turned_down_no_longer_waits(outcome: str) -> None:
    first = story(6)["selection"][0]
    journey = folded([first])
    told = first.happening

    fold(journey, type(told)("selection", "story.closed", told.subject, 2, told.at, {"outcome": outcome}))

    assert journey.stage == outcome


def test_a_passed_re_sit_is_the_last_word_after_a_fail() -> None:
    """C-01: the failed result closed the story; the pass, the certificate and the second closing come later."""
    arrivals = sorted(woven(story(1, "failed"), []), key=lambda a: a.happening.at)
    journey = folded(arrivals)
    told = next(a.happening for a in arrivals if a.happening.name == "assessed")
    later, numbers = arrivals[-1].happening.at + timedelta(days=90), {"assessment": 20, "selection": 20}
    passed = told.payload | {
        "result": "pass",
        "grade": "good",
        "score": "75",
        "confirmed_on": "2026-01-10",
        "ordinal": 2,
    }
    certified = {
        "certificate": participation(9), "number": "TP-1", "programme": "p", "session": "2024", "issued_on": "2026-02-01",
    }  # fmt: skip

    for service, name, payload in (
        ("assessment", "assessed", passed),
        ("assessment", "certified", certified),
        ("selection", "story.closed", {"outcome": "certified"}),
    ):
        numbers[service] += 1
        fold(journey, type(told)(service, name, told.subject, numbers[service], later, payload))

    assert (journey.outcome, journey.sections["assessment"]["result"]) == ("certified", "pass")


def test_the_stages_of_a_whole_way() -> None:
    """The stage names the furthest thing that is true, in the words of the board."""
    journey = Journey(participation(2))
    seen: list[str] = []
    for arrival in sorted(woven(story(2), []), key=lambda a: a.happening.at):
        fold(journey, arrival.happening)
        if not seen or seen[-1] != journey.stage:
            seen.append(journey.stage)

    assert seen == [
        "applied",
        "selected",
        "proposed",
        "selected",
        "proposed",
        "placed",
        "in_training",
        "ended",
        "passed",
        "certified",
    ]
    assert list(journey.milestones) == [name for name in MILESTONES if name in journey.milestones]
    assert set(seen) <= set(STAGES)


def test_money_adds_up_in_fen() -> None:
    journey = folded(woven(story(5), []))

    money = journey.sections["money"]
    assert (money["reserved"], money["committed"], money["paid"]) == (2_000_000, 2_000_000, 2_000_000)
    assert money["settlement"] == {"entitled": 2_000_000, "paid": 2_000_000, "clawed_back": 0}


def test_a_deselected_person_may_come_back() -> None:
    """An amended roster may drop somebody, and a later one may take the person again."""
    arrivals = story(6)["selection"][:2]
    journey = folded(arrivals)
    roster = {"roster": arrivals[1].happening.payload["roster"]}
    base = arrivals[1].happening
    dropped = type(base)(
        "selection", "deselected", base.subject, 3, base.at, roster | {"roster_version": 2, "reason": "error"}
    )

    fold(journey, dropped)
    assert (journey.stage, "selected" in journey.milestones) == ("deselected", True)
    fold(journey, type(base)("selection", "selected", base.subject, 4, base.at, base.payload))

    assert (journey.stage, journey.sections["roster"]["state"]) == ("selected", "selected")


def test_every_published_event_of_a_participation_is_folded() -> None:
    """A new contract that nobody writes into a section is noticed here."""
    published = {
        (contract.service, contract.event)
        for name, contract in REGISTRY.items()
        if name.startswith("cn.talent.") and contract.aggregate == "participation"
    }

    assert set(WRITES) == published


def test_a_journey_survives_being_stored() -> None:
    journey = folded(woven(story(8, "revoked"), []))

    assert document_hash(restore(document(journey))) == document_hash(journey)


def test_the_cohort_hash_does_not_depend_on_the_order_of_people() -> None:
    pairs = [(participation(n), content_hash(folded(woven(story(n), [])))) for n in range(5)]

    assert cohort_hash(pairs) == cohort_hash(reversed(pairs))


def test_a_roster_follows_its_filing() -> None:
    roster = Roster("x")
    for arrival in roster_story() * 2:
        roster.apply(arrival.happening)

    assert (roster.state, roster.receipt, roster.selected_count, roster.sequence) == (
        "acknowledged",
        "R-2024-17",
        180,
        3,
    )
