"""How people are divided into groups, and what a group does (D-01)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.domain.groups.forming import Seeker, propose_groups
from placement.domain.groups.group import GroupState, Membership, StudyGroup
from placement.domain.year_rules import GroupRules, YearRules
from shared.kernel.actor import Role, system
from shared.kernel.refusals import RuleViolated
from shared.testing.actors import someone

TEN_TO_FIFTEEN = GroupRules(10, 15)
people = st.lists(st.tuples(st.sampled_from(["11", "31", "51"]), st.integers(1, 8)), max_size=120)


def seekers(places: list[tuple[str, int]]) -> list[Seeker]:
    return [Seeker(p, f"hosts/{p}-{h}", UUID(int=n)) for n, (p, h) in enumerate(places, 1)]


@given(people, st.data())
@settings(max_examples=60, deadline=None)
def test_everybody_is_in_one_group_of_the_wanted_size(places: list[tuple[str, int]], data: st.DataObject) -> None:
    """Whatever order they come in: the same groups; the size is missed only when no division can meet it."""
    row = seekers(places)

    groups = propose_groups(row, TEN_TO_FIFTEEN)

    assert propose_groups(data.draw(st.permutations(row)), TEN_TO_FIFTEEN) == groups
    assert sorted(each for group in groups for each in group) == sorted(row)
    possible = any(10 * n <= len(row) <= 15 * n for n in range(len(row) + 1))
    assert not possible or all(10 <= len(group) <= 15 for group in groups)


def test_neighbours_stay_together() -> None:
    """Two provinces of twelve make two groups, not groups of both; a host of ten is not divided."""
    groups = propose_groups(seekers([("11", 1)] * 12 + [("31", 1)] * 12), TEN_TO_FIFTEEN)
    hosts = propose_groups(seekers([("11", 1)] * 10 + [("11", 2)] * 14), TEN_TO_FIFTEEN)

    assert [{each.province for each in group} for group in groups] == [{"11"}, {"31"}]
    assert [{each.host for each in group} for group in hosts] == [{"hosts/11-1"}, {"hosts/11-2"}]


def test_seven_people_are_a_group_that_does_not_fit() -> None:
    """Nobody is left out because a size cannot be met; a person explains it."""
    (only,) = propose_groups(seekers([("11", 1)] * 7), TEN_TO_FIFTEEN)

    assert len(only) == 7


def a_group(members: int) -> tuple[StudyGroup, list[Membership]]:
    group = StudyGroup(
        id=UUID(int=1), region="cn/54", programme="p", policy_version="b", session="2024", name="1", size=members,
        smallest=10, largest=15, formed_on=date(2024, 7, 1),
    )  # fmt: skip
    rows = [
        Membership(id=UUID(int=100 + n), group=group.id, participation=UUID(int=n), account=f"account-{n}",
                   sending_unit="cn/54/1", joined_on=date(2024, 7, 1))
        for n in range(1, members + 1)
    ]  # fmt: skip
    return group, rows


def test_a_group_that_loses_its_leader_waits_for_another_and_ends_with_its_last_member() -> None:
    """D-01: leader and members change, the group knows what it is."""
    region, itself, day = someone(Role.REGIONAL_OFFICER), system("placement"), date(2024, 8, 1)
    group, (one, two) = a_group(2)
    group.appoint(one, "unit_need", by=region)
    group.activate(day, by=region)

    group.leave(one, "placement-ended", day, by=itself, itself=itself)
    waiting = (group.state, group.leader, group.size)
    group.leave(two, "placement-ended", day, by=itself, itself=itself)

    assert waiting == (GroupState.FORMED, None, 1)
    assert (group.state, group.dissolved_on) == (GroupState.DISSOLVED, day)


def test_a_size_outside_the_policy_needs_a_reason() -> None:
    """D-01 is a SHOULD: with a reason it is done."""
    group, _ = a_group(7)
    with pytest.raises(RuleViolated, match="group-size"):
        group.must_fit(TEN_TO_FIFTEEN)
    group.size_reason = "only seven people in this province"
    group.must_fit(TEN_TO_FIFTEEN)


def test_a_policy_from_before_reads() -> None:
    """Old stored policies have none of the members."""
    rules = YearRules.of({})

    assert (rules.groups, rules.group_reports, rules.checkins.every_months) == (GroupRules(10, 15), None, None)
