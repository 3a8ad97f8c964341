"""Matching: stable, best for the trainees among all stable matchings, repeatable, specialty before wish."""

from __future__ import annotations

from itertools import product
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.domain.matching.instance import Instance, Place, Seeker
from placement.domain.matching.proposal import propose, share
from placement.domain.matching.stable import UNMATCHED, blocking_pairs, deferred_acceptance

SPECIALTIES = ("clinical-medicine", "nursing")
HOSTS = ("hosts/H1", "hosts/H2", "hosts/H3")

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
    ),
    max_size=3,
    unique_by=lambda place: place.host,
)


def every_matching(instance: Instance) -> list[list[int]]:
    """All matchings within the capacities, by brute force."""
    options = [[UNMATCHED, *instance.choices(seeker)] for seeker in range(len(instance.seekers))]
    return [
        list(chosen)
        for chosen in product(*options)
        if all(
            sum(choice != UNMATCHED and choice >> 1 == place for choice in chosen) <= free
            for place, free in enumerate(instance.capacity)
        )
    ]


@given(seekers, places)
@settings(max_examples=300, deadline=None)
def test_the_matching_is_stable_and_best_for_every_trainee(people: list[Seeker], offers: list[Place]) -> None:
    """M-01: no pair would rather have each other, and no stable matching is better for anybody."""
    instance = Instance(people, offers)

    matching = deferred_acceptance(instance)

    assert blocking_pairs(instance, matching) == 0
    stable = [other for other in every_matching(instance) if blocking_pairs(instance, other) == 0]
    assert matching in stable
    for seeker in range(len(instance.seekers)):
        order = [*instance.choices(seeker), UNMATCHED]
        assert order.index(matching[seeker]) == min(order.index(other[seeker]) for other in stable)


@given(seekers, places, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_same_input_gives_the_same_proposal_and_hash(
    people: list[Seeker], offers: list[Place], random: Random
) -> None:
    """Neither the order of rows nor the run changes anything; the hash names the input."""
    first = Instance(people, offers)
    random.shuffle(people)
    random.shuffle(offers)
    second = Instance(people, offers)

    assert propose(first) == propose(second)
    assert first.sha256() == second.sha256()
    assert Instance([*people, _person(999)], offers).sha256() != first.sha256()


@given(seekers, places)
@settings(max_examples=200, deadline=None)
def test_nobody_gets_what_is_excluded_or_unfit(people: list[Seeker], offers: list[Place]) -> None:
    """M-03: the group is always the person's; a host that declined is not asked again; capacities hold."""
    lines, unmatched, report = propose(Instance(people, offers))

    person = {seeker.participation: seeker for seeker in people}
    place = {offer.offer: offer for offer in offers}
    assert len(lines) + len(unmatched) == len(people) == report["cases"]
    assert report["blocking_pairs"] == 0
    for line in lines:
        seeker, offer = person[line.participation], place[line.offer]
        assert line.host == offer.host
        assert line.host not in seeker.excluded
        exact = not offer.specialties or seeker.specialty in offer.specialties
        assert line.fit == ("specialty" if exact else "group")
        assert exact or seeker.accept_group
    for offer in offers:
        assert sum(line.offer == offer.offer for line in lines) <= offer.free


def _person(number: int, **more: object) -> Seeker:
    members = {"specialty": "nursing", "specialty_group": "health", "rank": number} | more
    return Seeker(participation=UUID(int=number), **members)  # type: ignore[arg-type]


def _place(number: int, free: int, specialties: tuple[str, ...] = (), group: str = "health") -> Place:
    return Place(UUID(int=1000 + number), f"hosts/H{number}", group, specialties, free)


def test_specialty_comes_before_the_wish_and_the_wish_before_the_rest() -> None:
    """M-03: a place of the specialty nobody wished for is better than the wished place of the group only."""
    wish = _person(1, preferences=("hosts/H2", "hosts/H3"))
    instance = Instance([wish], [_place(1, 1, ("nursing",)), _place(2, 1, ("surgery",)), _place(3, 1, ("nursing",))])

    assert [choice >> 1 for choice in instance.choices(0)] == [2, 0, 1]
    assert propose(instance)[0][0].choice == 2


def test_the_better_rank_wins_the_last_place_unless_the_fit_is_worse() -> None:
    """Hosts order by fit, then by the roster."""
    nurse, surgeon = _person(2), _person(1, specialty="surgery")

    lines, unmatched, _ = propose(Instance([nurse, surgeon], [_place(1, 1, ("nursing",))]))

    assert [line.participation for line in lines] == [nurse.participation]
    assert [(line.participation, line.reason) for line in unmatched] == [(surgeon.participation, "places-taken")]


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
    _, unmatched, _ = propose(Instance([_person(1, excluded=frozenset({"hosts/H1"}))], places))

    assert [line.reason for line in unmatched] == [reason]


def test_those_without_wishes_are_spread_over_the_hosts() -> None:
    """Ties rotate with the roster: they do not all fall on the first host of the list."""
    instance = Instance([_person(n) for n in range(1, 10)], [_place(n, 9) for n in range(1, 4)])

    lines, _, _ = propose(instance)

    assert sorted(sum(line.host == f"hosts/H{n}" for line in lines) for n in (1, 2, 3)) == [3, 3, 3]


def test_shares_round_half_up() -> None:
    """Four places, half up, nothing of nothing."""
    assert [share(1, 3), share(2, 3), share(1, 20_000), share(0, 0), share(5, 5)] == [
        "0.3333", "0.6667", "0.0001", "0.0000", "1.0000",
    ]  # fmt: skip
