"""Leaving at every stage, and what becomes of the place (process manager)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.assessment import Assessed, Certified
from shared.contracts.placement import PlacementArrived, PlacementEnded


def ended(id: str, kind: Any = "before_start", started: bool = False, reason: str = "withdrawn") -> PlacementEnded:
    return PlacementEnded(
        participation=UUID(id),
        host=None,
        started=started,
        ended_on=date(2024, 8, 1),
        kind=kind,
        reason=reason,
        days_served=0,
    )


async def leave(road: Any, id: str, reason: str = "family") -> Any:
    return await road.post(road.accounts[id], f"/applications/{id}/withdraw", {"reason": reason})


async def test_leaving_before_selection_is_only_that(road: Any) -> None:
    """A draft, a submitted and a reviewed application may be withdrawn."""
    await road.opened(1)
    draft = await road.drafted(0)
    submitted, approved = await road.submitted(1, 2)
    await road.recommended([approved])
    await road.approved([approved])

    answers = [await leave(road, id) for id in (draft, submitted, approved)]

    assert [answer.json()["state"] for answer in answers] == ["withdrawn"] * 3
    assert {event["stage"] for event in await road.heard("application.withdrawn")} == {"before_selection"}
    assert [event["outcome"] for event in await road.heard("story.closed")] == ["withdrawn"] * 3


async def test_the_first_of_the_reserve_takes_a_place_that_is_left_before_the_start(road: Any) -> None:
    """S-07: roster v2, deselected, promoted, selected, all in the withdrawal's transaction."""
    await road.opened(2)
    ids = await road.ready(5)
    await road.fixed()

    answer = await leave(road, ids[0])

    assert answer.status_code == 200
    roster = await road.roster()
    assert (roster["state"], roster["roster_version"], roster["selected_count"]) == ("amended", 2, 2)
    by_id = {entry["application"]: entry["outcome"] for entry in roster["entries"]}
    assert [by_id[id] for id in ids[:4]] == ["left", "selected", "promoted", "reserve"]
    assert (await road.application(ids[2]))["state"] == "selected"
    (withdrawn,) = await road.heard("application.withdrawn")
    (promoted,) = await road.heard("reserve.promoted")
    (deselected,) = await road.heard("deselected")
    assert (withdrawn["stage"], deselected["reason"], deselected["roster_version"]) == ("selected", "family", 2)
    assert (promoted["participation"], promoted["replaces"]) == (ids[2], ids[0])
    selected = (await road.heard("selected"))[-1]
    assert (selected["participation"], selected["roster_version"], selected["rank"]) == (ids[2], 2, 1)
    fixed = await road.heard("roster.fixed")
    assert [event["version"] for event in fixed] == [1, 2]
    assert fixed[0]["sha256"] != fixed[1]["sha256"]


async def test_the_reserve_keeps_the_quotas(road: Any) -> None:
    """S-06: a maximum is never broken by a promotion."""
    nodes = [
        {"code": "lhasa", "min": 0, "max": 1, "match": {"area": ["5401"]}, "name_zh": "拉萨", "name_en": "Lhasa"},
    ]
    await road.opened(2, nodes)
    ids = await road.ready(2)
    more = await road.submitted(7, 8)  # 7 is of Lhasa like 0, 8 is not
    await road.recommended(more)
    await road.approved(more)
    await road.scored(dict(zip(more, (60, 50), strict=True)))
    await road.classified(more)
    await road.fixed()

    await leave(road, ids[1])

    assert (await road.application(more[0]))["state"] == "reserve"
    assert (await road.application(more[1]))["state"] == "selected"


async def test_a_place_is_filled_once_whatever_comes_twice(road: Any) -> None:
    """One promotion per vacated place: the withdrawal, then placement's report of it, twice."""
    await road.opened(1)
    ids = await road.ready(3)
    await road.fixed()
    await leave(road, ids[0])

    await road.receive(ended(ids[0]), ended(ids[0]))

    assert len(await road.heard("reserve.promoted")) == 1
    assert (await road.application(ids[2]))["state"] == "reserve"
    assert await road.service.scalar("SELECT count(*) FROM vacancy") == 1


@pytest.mark.parametrize("kind", ["before_start", "no_show"])
async def test_a_placement_that_never_began_gives_the_place_to_the_reserve(road: Any, kind: str) -> None:
    """Placement reports it; the person is deselected, the first of the reserve promoted."""
    await road.opened(1)
    ids = await road.ready(2)
    await road.fixed()

    await road.receive(ended(ids[0], kind, reason="host-closed"))

    assert (await road.application(ids[0]))["state"] == "deselected"
    assert (await road.application(ids[1]))["state"] == "selected"
    assert (await road.roster())["roster_version"] == 2


async def test_after_the_last_day_the_place_stays_vacant_and_the_reserve_is_released(road: Any) -> None:
    """The policy's cut-off: 14 days after the planned start."""
    from selection.usecases.following.release_reserve import release_reserve

    await road.opened(1)
    ids = await road.ready(2)
    await road.fixed()
    road.on(date(2024, 9, 16))

    await road.receive(ended(ids[0], "no_show"))
    async with road.service.running.system_unit("test:duty") as unit:
        released = await release_reserve(unit)

    (vacant,) = await road.heard("slot.vacant")
    assert vacant["replaces"] == ids[0]
    assert released == 1
    assert (await road.application(ids[1]))["state"] == "not_selected"
    assert [e["outcome"] for e in await road.heard("story.closed")] == ["not_selected"]


async def test_nobody_in_reserve_leaves_the_place_vacant(road: Any) -> None:
    """slot.vacant."""
    await road.opened(1)
    ids = await road.ready(1)
    await road.fixed()

    await leave(road, ids[0])

    assert len(await road.heard("slot.vacant")) == 1
    assert (await road.roster())["selected_count"] == 0


async def test_leaving_after_arrival_is_an_early_end_and_promotes_nobody(road: Any) -> None:
    """From arrival on the placement ends early; the roster stays."""
    await road.opened(1)
    ids = await road.ready(2)
    await road.fixed()
    await road.receive(
        PlacementArrived(
            participation=UUID(ids[0]), host="hosts/H001", arrived_on=date(2024, 9, 1), punctuality="on_time"
        )
    )

    await leave(road, ids[0])

    assert (await road.application(ids[0]))["started_on"] == "2024-09-01"
    assert await road.heard("reserve.promoted") == []
    assert (await road.roster())["roster_version"] == 1
    assert await road.heard("story.closed") == []

    await road.receive(ended(ids[0], "early", True), ended(ids[0], "early", True))

    assert [each["outcome"] for each in await road.heard("story.closed")] == ["withdrawn"]


@pytest.mark.parametrize(
    ("outcome", "event"),
    [
        (
            "certified",
            lambda id: Certified(
                participation=id, certificate=UUID(int=9), number="N-1", programme="tibet-special-training", session="2024",
                issued_on=date(2025, 9, 30),
            ),
        ),
        (
            "failed",
            lambda id: Assessed(
                participation=id, assessment=UUID(int=9), result="fail", grade="fail", score="41.00", scheme="s",
                scheme_version="batch-4", confirmed_on=date(2025, 9, 20),
            ),
        ),
        ("ended_early", lambda id: ended(str(id), "early", True, "health")),
    ],
)  # fmt: skip
async def test_the_story_closes_once(road: Any, outcome: str, event: Any) -> None:
    """certified, failed, ended early: `story.closed`, and a repeated event changes nothing."""
    await road.opened(1)
    ids = await road.ready(1)
    await road.fixed()

    await road.receive(event(UUID(ids[0])), event(UUID(ids[0])))

    closed = await road.heard("story.closed")
    assert [(each["participation"], each["outcome"]) for each in closed] == [(ids[0], outcome)]
    assert (await road.application(ids[0]))["state"] == "completed"
    assert (await leave(road, ids[0])).status_code == 409
