"""Who sees which events, in which order, and what a cursor promises when topics arrive in any order."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from gateway.adapters.db.feed import read_feed
from gateway.adapters.http import streams
from gateway.testing.stage import Stage
from gateway.testing.stories import PROGRAMME, SESSION, cohort, participation, roster_story, story, woven
from gateway.usecases.project import Arrival

HOME = "cn/54/5402"
"""The prefecture of person 1 (and 8, 15 …)."""


async def page(stage: Stage, role: str, organisation: str = "", **query: Any) -> dict[str, Any]:
    headers = stage.bearer(role, organisation=organisation)
    answer = await stage.client.get("/v1/events", params={"limit": 200} | query, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def about(arrivals: list[Arrival]) -> set[str]:
    return {arrival.happening.subject for arrival in arrivals}


@pytest.mark.parametrize(
    ("role", "organisation", "people", "rosters"),
    [
        ("regional_officer", "cn/54", {0, 1, 2}, False),
        ("local_reviewer", HOME, {1}, False),
        ("local_reviewer", f"{HOME}/U0001", {1}, False),
        ("regional_officer", "cn/65", set(), False),
        ("local_reviewer", "cn/54/540", set(), False),
        ("agency", HOME, {1}, False),
        ("ministry_officer", "cn", {0, 1, 2}, True),
        ("auditor", "", {0, 1, 2}, True),
        ("operator", "cn/65", {0, 1, 2}, True),
    ],
)
async def test_a_reader_sees_what_lies_below_the_organisation(
    role: str, organisation: str, people: set[int], rosters: bool, stage: Stage
) -> None:
    """Own, parent, sibling and foreign organisation; rosters and funds belong to the centre."""
    await stage.arrive(cohort(3))

    found = await page(stage, role, organisation)

    expected = {participation(n) for n in people} | (about(roster_story()) if rosters else set())
    assert {item["subject"] for item in found["items"]} == expected


async def test_an_agency_reads_nothing_about_money(stage: Stage) -> None:
    """What the journeys hide from a role the feed hides too."""
    await stage.arrive(woven(story(1), []))

    agency = await page(stage, "agency", HOME)
    region = await page(stage, "regional_officer", "cn/54")

    assert "/funding" not in {item["source"] for item in agency["items"]}
    assert "/funding" in {item["source"] for item in region["items"]}


async def test_without_an_organisation_there_is_nothing_below_it(stage: Stage) -> None:
    answer = await stage.client.get("/v1/events", headers=stage.bearer("agency") | {"accept-language": "zh-CN"})

    assert (answer.status_code, answer.json()["code"]) == (403, "no-organisation")
    assert "机构" in answer.json()["detail"]


async def test_an_event_that_came_before_its_unit_is_not_stepped_over(stage: Stage) -> None:
    """Funding's topic arrives first; who reads by organisation gets it once selection has told the unit, not never."""
    told = story(1)
    await stage.arrive(told["funding"][:2])
    before = await page(stage, "regional_officer", "cn/54")
    await stage.arrive(woven(story(2), []))
    between = await page(stage, "regional_officer", "cn/54", cursor=before["next_cursor"])
    await stage.arrive(told["selection"][:1])

    after = await page(stage, "regional_officer", "cn/54", cursor=between["next_cursor"])
    anew = await page(stage, "regional_officer", "cn/54")
    whole = await page(stage, "auditor")

    assert before["items"] == []
    early = [arrival.event_id for arrival in told["funding"][:2]]
    assert [item["id"] for item in after["items"]] == [*early, told["selection"][0].event_id]
    assert sorted(item["id"] for item in anew["items"]) == sorted(item["id"] for item in whole["items"])
    assert [item["id"] for item in whole["items"]][:2] == early


async def test_filters_narrow_and_bind_the_cursor(stage: Stage) -> None:
    arrivals = cohort(3)
    await stage.arrive(arrivals)
    kinds = ["cn.talent.selection.selected.v1", "cn.talent.placement.placed.v1"]

    typed = await page(stage, "auditor", type=kinds)
    one = await page(stage, "auditor", participation=participation(1))
    cohort_page = await page(stage, "auditor", programme=PROGRAMME, session=SESSION)
    none = await page(stage, "auditor", session="1999")
    since = max(arrival.happening.at for arrival in arrivals)
    late = await page(stage, "auditor", since=since.isoformat())
    other = await stage.client.get(
        "/v1/events", params={"cursor": typed["next_cursor"]}, headers=stage.bearer("auditor")
    )
    naive = await stage.client.get(
        "/v1/events", params={"since": "2024-01-01T00:00:00"}, headers=stage.bearer("auditor")
    )

    assert {item["type"] for item in typed["items"]} == set(kinds)
    assert {item["subject"] for item in one["items"]} == {participation(1)}
    assert len(cohort_page["items"]) == len(arrivals)
    assert (none["items"], none["has_more"]) == ([], False)
    assert {datetime.fromisoformat(item["time"]) for item in late["items"]} == {since}
    assert (other.status_code, other.json()["code"]) == (400, "bad-cursor")
    assert naive.status_code == 400


async def test_a_cursor_of_another_organisation_is_refused(stage: Stage) -> None:
    await stage.arrive(cohort(2))
    mine = await page(stage, "regional_officer", "cn/54", limit=1)

    answer = await stage.client.get(
        "/v1/events", params={"cursor": mine["next_cursor"]},
        headers=stage.bearer("regional_officer", organisation="cn/65"),
    )  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-cursor")


async def test_waiting_ends_when_something_comes(stage: Stage) -> None:
    await stage.arrive(woven(story(1), []))
    end = await page(stage, "auditor")

    waiting = asyncio.create_task(page(stage, "auditor", cursor=end["next_cursor"], wait=20))
    await stage.arrive(roster_story())
    found = await asyncio.wait_for(waiting, 10)
    nothing = await page(stage, "auditor", cursor=found["next_cursor"], wait=0.2)

    assert [item["id"] for item in found["items"]] == [arrival.event_id for arrival in roster_story()]
    assert (nothing["items"], nothing["has_more"]) == ([], False)


async def test_a_position_in_removed_history_is_gone(stage: Stage) -> None:
    """410 for the feed and for the stream; reading from the beginning goes on."""
    await stage.arrive(cohort(3))
    early = (await page(stage, "auditor", limit=2))["next_cursor"]
    late = (await page(stage, "auditor"))["next_cursor"]
    async with stage.engine.begin() as connection:
        await connection.execute(text("DELETE FROM feed WHERE position <= 10"))
        await connection.execute(text("UPDATE feed_head SET pruned = 10"))

    headers = stage.bearer("auditor")
    gone = await stage.client.get("/v1/events", params={"cursor": early}, headers=headers)
    stream = await stage.client.get("/v1/events/stream", headers=headers | {"last-event-id": early})
    fine = await stage.client.get("/v1/events", params={"cursor": late}, headers=headers)

    assert (gone.status_code, gone.json()["code"]) == (410, "position-gone")
    assert (stream.status_code, stream.json()["code"]) == (410, "position-gone")
    assert fine.status_code == 200
    assert (await page(stage, "auditor"))["items"]


async def test_a_stream_refuses_what_the_feed_refuses(stage: Stage) -> None:
    """A filter that the database cannot take is found before the stream begins."""
    headers, query = stage.bearer("auditor"), {"subject": "\0"}
    feed = await stage.client.get("/v1/events", params=query, headers=headers)
    stream = await stage.client.get("/v1/events/stream", params=query, headers=headers)

    assert (stream.status_code, stream.json()["code"]) == (feed.status_code, feed.json()["code"])
    assert stream.status_code == 400


async def test_a_stream_that_cannot_be_read_on_ends_in_order(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client resumes where it was; nobody is told of a failure of the program."""
    await stage.arrive(cohort(1))
    reads: list[Any] = []

    async def failing(*given: Any) -> Any:
        reads.append(given)
        if len(reads) > 1:
            raise OperationalError("SELECT", {}, OSError("the database is away"))
        return await read_feed(*given)

    start = (await page(stage, "auditor", limit=1))["next_cursor"]
    monkeypatch.setattr(streams, "read_feed", failing)
    found = await stage.client.get("/v1/events/stream", params={"cursor": start}, headers=stage.bearer("auditor"))

    assert (found.status_code, len(reads)) == (200, 2)
    assert found.text.count("\nevent: ") == len(cohort(1)) - 1


async def test_one_account_holds_a_limited_number_of_streams(stage: Stage) -> None:
    headers = stage.bearer("auditor", subject="acc-many")
    async with httpx.AsyncClient(base_url=stage.url, timeout=15, trust_env=False) as many, AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(many.stream("GET", "/v1/events/stream", headers=headers)) for _ in range(8)
        ]

        one_more = await stage.client.get("/v1/events/stream", headers=headers)
        other = await stack.enter_async_context(
            many.stream("GET", "/v1/events/stream", headers=stage.bearer("auditor", subject="acc-other"))
        )

        assert {answer.status_code for answer in opened} == {200}
        assert (one_more.status_code, one_more.json()["code"]) == (429, "too-many-streams")
        assert one_more.headers["retry-after"]
        assert other.status_code == 200


async def test_a_reader_whose_connection_is_cut_again_and_again_gets_everything_once(stage: Stage) -> None:
    """Resuming with the last id that was seen gives every event exactly once, in order."""
    arrivals = cohort(5)
    seen: list[str] = []
    last: str | None = None
    wanted = [arrival.event_id for arrival in arrivals]

    async def feed() -> None:
        for begin in range(0, len(arrivals), 9):
            await stage.arrive(arrivals[begin : begin + 9])

    async def follow() -> None:
        nonlocal last
        while len(seen) < len(wanted):
            headers = stage.bearer("auditor") | ({"last-event-id": last} if last else {})
            query = {} if last else {"cursor": start}
            async with stage.client.stream("GET", "/v1/events/stream", params=query, headers=headers) as answer:
                taken, ident = 0, ""
                async for line in answer.aiter_lines():
                    name, _, value = line.partition(": ")
                    ident = value if name == "id" else ident
                    if name == "data":
                        seen.append(httpx.Response(200, text=value).json()["id"])
                        last, taken = ident, taken + 1
                        if taken == 7 or len(seen) == len(wanted):
                            break

    start = (await page(stage, "auditor"))["next_cursor"]
    await asyncio.wait_for(asyncio.gather(feed(), follow()), 30)

    assert seen == wanted
