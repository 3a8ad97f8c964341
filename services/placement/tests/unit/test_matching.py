"""Matching: stable, best for the trainees among all stable matchings, repeatable, specialty before wish."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.domain.matching.canonical import decode, encode, packed, unpacked
from placement.domain.matching.instance import STABLE, WELFARE, Instance, Method, Place, Seeker
from placement.domain.matching.judging import blocking_pairs
from placement.domain.matching.layout import GROUP, UNMATCHED, Layout
from placement.domain.matching.proposal import propose, share
from placement.domain.matching.stable import deferred_acceptance
from placement.domain.matching.welfare import greatest_welfare

SPECIALTIES = ("clinical-medicine", "nursing")
HOSTS = ("hosts/H1", "hosts/H2", "hosts/H3")
BARRED_LANES = [("a", "z"), ("b", "")]

seekers = st.lists(
    st.builds(
        Seeker,
        participation=st.uuids(),
        specialty=st.sampled_from(SPECIALTIES),
        specialty_group=st.just("health"),
        rank=st.integers(1, 4),
        preferences=st.lists(st.sampled_from(HOSTS), unique=True).map(tuple),
        excluded=st.frozensets(st.sampled_from(HOSTS), max_size=1),
        accept_group=st.booleans(),
        lane=st.sampled_from(["", "a", "b"]),
        facts=st.sampled_from([(("title_level", "senior"),), (("title_level", "junior"),)]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda seeker: seeker.participation,
)
places = st.lists(
    st.builds(
        Place,
        offer=st.uuids(),
        host=st.sampled_from(HOSTS),
        specialty_group=st.just("health"),
        specialties=st.sampled_from([(), SPECIALTIES[:1], SPECIALTIES[1:]]),
        free=st.integers(0, 2),
        lane=st.sampled_from(["", "z"]),
        priorities=st.sampled_from(
            [(), (("title_level", ("junior",)),), (("specialty", ("nursing",)), ("title_level", ("senior",)))]
        ),
    ),
    max_size=3,
    unique_by=lambda place: place.host,
)


def every_matching(layout: Layout) -> list[list[int]]:
    """All matchings within the capacities, by brute force."""
    options = [[UNMATCHED, *layout.choices(seeker)] for seeker in range(layout.size)]
    return [
        list(chosen)
        for chosen in product(*options)
        if all(sum(choice == place for choice in chosen) <= free for place, free in enumerate(layout.capacity))
    ]


def pairs_by_definition(layout: Layout, matching: list[int]) -> int:
    """Blocking pairs straight from the words: both would rather have each other."""
    count = 0
    for seeker, own in enumerate(matching):
        for place in layout.choices(seeker):
            if place == own:
                break
            held = [layout.score(other, place) for other, theirs in enumerate(matching) if theirs == place]
            if len(held) < layout.capacity[place] or any(layout.score(seeker, place) < score for score in held):
                count += 1
    return count


def worth(layout: Layout, matching: list[int]) -> int:
    """Total fit straight from the published weights."""
    weights, total = layout.instance.method.weights, 0
    for seeker, place in enumerate(matching):
        if place != UNMATCHED:
            level = int(layout.level[layout.instance.cell[seeker], place])
            wish = layout.wish(seeker, place)
            total += weights.group if level >= GROUP else weights.specialty
            total += weights.priorities[level % GROUP] if level % GROUP < len(weights.priorities) else 0
            total += weights.wishes[wish - 1] if wish is not None else 0
    return total


def laid(people: list[Seeker], offers: list[Place], beyond: bool = True, **more: Any) -> Layout:
    """An instance ready for matching, with the lanes that are barred in these tests."""
    return Layout(Instance.of(people, offers, Method(beyond_wishes=beyond, **more), BARRED_LANES))


@given(seekers, places, st.booleans())
@settings(max_examples=80, deadline=None)
def test_the_matching_is_stable_and_best_for_every_trainee(
    people: list[Seeker], offers: list[Place], beyond: bool
) -> None:
    """M-01: no pair would rather have each other, and no stable matching is better for anybody."""
    layout = laid(people, offers, beyond)

    matching = deferred_acceptance(layout)

    assert blocking_pairs(layout, matching) == pairs_by_definition(layout, matching) == 0
    stable = [other for other in every_matching(layout) if pairs_by_definition(layout, other) == 0]
    assert matching in stable
    for seeker in range(layout.size):
        order = [*layout.choices(seeker), UNMATCHED]
        assert order.index(matching[seeker]) == min(order.index(other[seeker]) for other in stable)
    for other in stable:
        assert [place == UNMATCHED for place in other] == [place == UNMATCHED for place in matching]
        for place, free in enumerate(layout.capacity):
            held = [seeker for seeker, theirs in enumerate(matching) if theirs == place]
            theirs = [seeker for seeker, chosen in enumerate(other) if chosen == place]
            assert len(held) == len(theirs)
            assert len(held) == free or held == theirs


@given(seekers, places, st.booleans(), st.data())
@settings(max_examples=50, deadline=None)
def test_blocking_pairs_are_counted_of_any_matching(
    people: list[Seeker], offers: list[Place], beyond: bool, data: st.DataObject
) -> None:
    """The count in columns is the count by the words, of good matchings and bad ones."""
    layout = laid(people, offers, beyond)
    matching = data.draw(st.sampled_from(every_matching(layout)))

    assert blocking_pairs(layout, matching) == pairs_by_definition(layout, matching)


@given(seekers, places, st.booleans())
@settings(max_examples=80, deadline=None)
def test_no_matching_has_more_total_fit_than_welfare(people: list[Seeker], offers: list[Place], beyond: bool) -> None:
    """The greatest total fit over all matchings, and the bound that proves it without looking at them."""
    layout = laid(people, offers, beyond)

    found = greatest_welfare(layout)

    every = every_matching(layout)
    assert found.matching in every
    assert found.value == found.bound == worth(layout, found.matching)
    assert found.value == max(worth(layout, other) for other in every)


@given(seekers, places, st.randoms(use_true_random=False), st.sampled_from([STABLE, WELFARE]))
@settings(max_examples=40, deadline=None)
def test_the_same_input_gives_the_same_proposal_and_hash(
    people: list[Seeker], offers: list[Place], random: Random, method: str
) -> None:
    """Neither the order of rows nor the run changes anything; the stored bytes are enough to repeat it."""
    first = Instance.of(people, offers, Method(method), BARRED_LANES)
    random.shuffle(people)
    random.shuffle(offers)
    second = Instance.of(people, offers, Method(method), BARRED_LANES)

    assert propose(first) == propose(second)
    assert encode(first) == encode(second)
    assert propose(decode(unpacked(packed(encode(first))))) == propose(first)
    assert encode(Instance.of([*people, _person(999)], offers, Method(method), BARRED_LANES)) != encode(first)


@given(seekers, places, st.sampled_from([STABLE, WELFARE]))
@settings(max_examples=50, deadline=None)
def test_nobody_gets_what_is_excluded_or_unfit(people: list[Seeker], offers: list[Place], method: str) -> None:
    """M-03: the group is always the person's; a host that declined is not asked again; capacities and pairings hold."""
    found = propose(Instance.of(people, offers, Method(method), BARRED_LANES))

    person = {seeker.participation: seeker for seeker in people}
    place = {offer.offer: offer for offer in offers}
    assert len(found.lines) + len(found.unmatched) == len(people) == found.report["cases"]
    assert method == WELFARE or found.report["blocking_pairs"] == 0
    for line in found.lines:
        seeker, offer = person[line.participation], place[line.offer]
        assert line.host == offer.host
        assert line.host not in seeker.excluded
        assert (seeker.lane, offer.lane) not in BARRED_LANES
        exact = not offer.specialties or seeker.specialty in offer.specialties
        assert line.fit == ("specialty" if exact else "group")
        assert exact or seeker.accept_group
    for offer in offers:
        assert sum(line.offer == offer.offer for line in found.lines) <= offer.free


def _person(number: int, **more: object) -> Seeker:
    members = {"specialty": "nursing", "specialty_group": "health", "rank": number} | more
    return Seeker(participation=UUID(int=number), **members)  # type: ignore[arg-type]


def _place(number: int, free: int, specialties: tuple[str, ...] = (), group: str = "health") -> Place:
    return Place(UUID(int=1000 + number), f"hosts/H{number}", group, specialties, free)


def test_specialty_comes_before_the_wish_and_the_wish_before_the_rest() -> None:
    """M-03: a place of the specialty nobody wished for is better than the wished place of the group only."""
    wish = _person(1, preferences=("hosts/H2", "hosts/H3"))
    offers = [_place(1, 1, ("nursing",)), _place(2, 1, ("surgery",)), _place(3, 1, ("nursing",))]
    instance = Instance.of([wish], offers)

    assert list(Layout(instance).choices(0)) == [2, 0, 1]
    assert propose(instance).lines[0].choice == 2


def test_the_better_rank_wins_the_last_place_unless_the_fit_is_worse() -> None:
    """Hosts order by fit, then by the roster."""
    nurse, surgeon = _person(2), _person(1, specialty="surgery")

    found = propose(Instance.of([nurse, surgeon], [_place(1, 1, ("nursing",))]))

    assert [line.participation for line in found.lines] == [nurse.participation]
    assert [(line.participation, line.reason) for line in found.unmatched] == [(surgeon.participation, "places-taken")]


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ([], "no-offer"),
        ([_place(1, 5, group="culture")], "no-offer"),
        ([_place(1, 5)], "declined"),
        ([_place(1, 5), _place(2, 0)], "places-taken"),
    ],
)
def test_the_unmatched_are_told_why(places: list[Place], reason: str) -> None:
    """No offer, all taken, or only hosts that declined before."""
    found = propose(Instance.of([_person(1, excluded=frozenset({"hosts/H1"}))], places))

    assert [line.reason for line in found.unmatched] == [reason]


def test_hosts_order_people_by_their_own_groups_before_the_roster() -> None:
    """A host's priority decides within one fit; everybody in no group comes last, in the order of the roster."""
    first = _person(1, facts=(("title_level", "junior"),))
    senior = _person(2, facts=(("title_level", "senior"),))
    offer = _place(1, 1)._replace(priorities=(("title_level", ("senior",)),))

    found = propose(Instance.of([first, senior], [offer]))

    assert [line.participation for line in found.lines] == [senior.participation]


def test_only_wished_hosts_where_the_policy_wants_it() -> None:
    """Without ``beyond_wishes`` the rest is told that no wished place was left."""
    people = [_person(1, preferences=("hosts/H1",)), _person(2)]

    found = propose(Instance.of(people, [_place(1, 1), _place(2, 1)], Method(beyond_wishes=False)))

    assert [(line.participation, line.host) for line in found.lines] == [(people[0].participation, "hosts/H1")]
    assert [line.reason for line in found.unmatched] == ["no-wished-place"]


def test_a_pairing_that_bars_every_offer_is_the_reason() -> None:
    """W-02: places exist, none in the pairing."""
    found = propose(Instance.of([_person(1, lane="a")], [_place(1, 5)._replace(lane="z")], barred=[("a", "z")]))

    assert [line.reason for line in found.unmatched] == ["no-paired-place"]


def test_those_without_wishes_are_spread_over_the_hosts() -> None:
    """Ties rotate with the roster: they do not all fall on the first host of the list."""
    instance = Instance.of([_person(n) for n in range(1, 10)], [_place(n, 9) for n in range(1, 4)])

    lines = propose(instance).lines

    assert sorted(sum(line.host == f"hosts/H{n}" for line in lines) for n in (1, 2, 3)) == [3, 3, 3]


def test_shares_round_half_up() -> None:
    """Four places, half up, nothing of nothing."""
    assert [share(1, 3), share(2, 3), share(1, 20_000), share(0, 0), share(5, 5)] == [
        "0.3333", "0.6667", "0.0001", "0.0000", "1.0000",
    ]  # fmt: skip
