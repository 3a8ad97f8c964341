"""Feed, stream, journeys and board over HTTP, on a migrated PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text

from gateway.adapters.db.tables import metadata
from gateway.rebuild import rebuild
from gateway.testing.stage import Stage
from gateway.testing.stories import ENDINGS, PROGRAMME, SESSION, cohort, participation, story, woven
from gateway.usecases.project import Arrival
from shared.contracts.envelope import Envelope
from shared.contracts.event import topic_of
from shared.embedded_postgres import EmbeddedPostgres
from shared.eventlog.factory import open_event_log
from shared.eventlog.migrate import ensure_schema
from shared.eventlog.port import EventLog, Record


@pytest.fixture(scope="module")
async def event_log(postgres: EmbeddedPostgres) -> AsyncIterator[EventLog]:
    """An embedded log of its own."""
    postgres.create_database("gateway_log", owner="gateway")
    url = "embedded+" + postgres.dsn("gateway_log", user="gateway")
    await ensure_schema(url)
    log = open_event_log(url)
    await log.ensure_topics([topic_of(name) for name in ("selection", "placement", "assessment", "funding")])
    yield log
    await log.close()


async def test_the_database_is_as_migrated(stage: Stage) -> None:
    """Columns of the code and of the migrated schema are the same."""
    async with stage.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        )
        found = {(row.table_name, row.column_name) for row in rows if row.table_name != "alembic_version"}

    assert found == {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}


async def test_the_feed_is_dense_ordered_and_complete(stage: Stage) -> None:
    arrivals = cohort()
    await stage.arrive(arrivals)

    items, cursor = await read_all(stage, 7)

    assert [item["id"] for item in items] == [arrival.event_id for arrival in arrivals]
    assert items[0]["specversion"] == "1.0"
    async with stage.engine.connect() as connection:
        positions = [row.position for row in await connection.execute(text("SELECT position FROM feed ORDER BY 1"))]
    assert positions == list(range(1, len(arrivals) + 1))
    later = await stage.client.get("/v1/events", params={"cursor": cursor}, headers=stage.bearer("auditor"))
    assert later.json() == {"items": [], "next_cursor": cursor, "has_more": False}


async def test_concurrent_projections_leave_no_gap_for_a_reader(stage: Stage) -> None:
    """Writers that overlap never let a reader step over an event that commits later."""
    batches = [woven(story(n), []) for n in range(12)]
    seen: list[str] = []
    cursor: str | None = None

    async def follow() -> None:
        nonlocal cursor
        wanted = sum(len(batch) for batch in batches)
        while len(seen) < wanted:
            query = {"limit": "50"} | ({"cursor": cursor} if cursor else {})
            page = (await stage.client.get("/v1/events", params=query, headers=stage.bearer("operator"))).json()
            seen.extend(item["id"] for item in page["items"])
            cursor = page["next_cursor"]

    await asyncio.wait_for(asyncio.gather(follow(), *(stage.arrive(batch) for batch in batches)), 30)

    assert sorted(seen) == sorted(arrival.event_id for batch in batches for arrival in batch)


async def test_the_feed_can_be_narrowed_and_its_cursor_is_bound_to_that(stage: Stage) -> None:
    await stage.arrive(cohort())
    kind = "cn.talent.selection.selected.v1"

    page = await stage.client.get("/v1/events", params={"type": kind, "limit": 2}, headers=stage.bearer("operator"))
    one = await stage.client.get("/v1/events", params={"subject": participation(2)}, headers=stage.bearer("operator"))
    moved = await stage.client.get(
        "/v1/events", params={"cursor": page.json()["next_cursor"]}, headers=stage.bearer("operator")
    )
    forged = await stage.client.get("/v1/events", params={"cursor": "WzEsMl0.x"}, headers=stage.bearer("operator"))

    assert {item["type"] for item in page.json()["items"]} == {kind}
    assert page.json()["has_more"]
    assert {item["subject"] for item in one.json()["items"]} == {participation(2)}
    assert (moved.status_code, moved.json()["code"]) == (400, "bad-cursor")
    assert forged.status_code == 400


@pytest.mark.parametrize("role", ["applicant", "host_officer", "unit_officer", "mentor", "assessor"])
async def test_the_feed_is_for_authorities_and_agencies(role: str, stage: Stage) -> None:
    answer = await stage.client.get("/v1/events", headers=stage.bearer(role, organisation="cn/54"))

    assert (answer.status_code, answer.json()["code"]) == (403, "wrong-role")


async def test_the_stream_resumes_where_it_was_left(stage: Stage) -> None:
    """Last-Event-ID gives exactly what came after; ids are cursors of the feed."""
    first, second = woven(story(1), []), woven(story(2), [])
    await stage.arrive(first)
    _, start = await read_all(stage, 100, upto=3)

    async with streaming(stage, {"last-event-id": start}) as frames:
        early = [await anext(frames) for _ in range(len(first) - 3)]
        await stage.arrive(second)
        late = [await anext(frames) for _ in range(4)]

    expected = [arrival.event_id for arrival in first[3:] + second[:4]]
    assert [frame["data"]["id"] for frame in early + late] == expected
    async with streaming(stage, {"last-event-id": late[-1]["id"]}) as frames:
        assert (await anext(frames))["data"]["id"] == second[4].event_id


async def test_a_silent_stream_beats(stage: Stage) -> None:
    async with stage.client.stream("GET", "/v1/events/stream", headers=stage.bearer("auditor")) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        received = b""
        async for chunk in answer.aiter_bytes():
            received += chunk
            if received.count(b": heartbeat") == 2:
                break

    assert b": connected" in received


async def test_open_streams_hold_no_connection_of_the_pool(stage: Stage) -> None:
    """Thirty readers wait with a pool of ten and the door still answers."""
    async with httpx.AsyncClient(base_url=stage.url, timeout=15, trust_env=False) as many:
        readers = [stage.bearer("auditor", subject=f"acc-{n}") for n in range(30)]
        opened = [many.stream("GET", "/v1/events/stream", headers=reader) for reader in readers]
        answers = [await stream.__aenter__() for stream in opened]
        try:
            assert (await stage.client.get("/v1/events", headers=stage.bearer("auditor"))).status_code == 200
            assert {answer.status_code for answer in answers} == {200}
        finally:
            for stream in opened:
                await stream.__aexit__(None, None, None)


async def test_a_journey_shows_the_whole_way(stage: Stage) -> None:
    await stage.arrive(cohort())
    headers = stage.bearer("ministry_officer", organisation="cn")

    answer = await stage.client.get(f"/v1/journeys/{participation(0)}", headers=headers)
    again = await stage.client.get(
        f"/v1/journeys/{participation(0)}", headers=headers | {"if-none-match": answer.headers["etag"]}
    )

    journey = answer.json()
    assert list(journey["sections"]) == [
        "application",
        "roster",
        "placement",
        "reports",
        "assessment",
        "certificate",
        "money",
    ]
    assert all("as_of" in section for section in journey["sections"].values())
    assert journey["sections"]["roster"]["filing"] == {"state": "acknowledged", "edition": 1, "receipt": "R-2024-17"}
    assert journey["sections"]["money"]["paid"] == "20000.00"
    assert (journey["stage"], journey["outcome"]) == ("certified", "certified")
    assert [entry["at"] for entry in journey["timeline"]] == sorted(entry["at"] for entry in journey["timeline"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("roles", "who", "seen"),
    [
        (("applicant",), {"subject": "acc-2"}, {2}),
        (("applicant",), {"subject": "somebody"}, set()),
        (("unit_officer",), {"organisation": "cn/54/5404/U0003"}, {3}),
        (("local_reviewer",), {"organisation": "cn/54/5401"}, {0}),
        (("regional_officer",), {"organisation": "cn/54"}, {0, 1, 2, 3, 4, 5}),
        (("regional_officer",), {"organisation": "cn/5"}, set()),
        (("regional_officer",), {"organisation": ""}, set()),
        (("ministry_officer",), {"organisation": "cn"}, {0, 1, 2, 3, 4, 5}),
        (("host_officer",), {"organisation": "hosts/H001"}, {1}),
        (("auditor",), {}, {0, 1, 2, 3, 4, 5}),
        (("unit_officer", "host_officer"), {"organisation": "hosts/H002"}, {2}),
    ],
)
async def test_lists_and_single_reads_are_scoped(
    roles: tuple[str, ...], who: dict[str, str], seen: set[int], stage: Stage
) -> None:
    """What a caller may not see is not in the list, and 404 when asked for."""
    await stage.arrive(cohort())
    headers = stage.bearer(*roles, **who)

    listed = (await stage.client.get("/v1/journeys", headers=headers)).json()["items"]
    single = {
        n: (await stage.client.get(f"/v1/journeys/{participation(n)}", headers=headers)).status_code for n in range(6)
    }

    assert {item["participation"] for item in listed} == {participation(n) for n in seen}
    assert single == {n: 200 if n in seen else 404 for n in range(6)}


@pytest.mark.parametrize("role", ["mentor", "panel_expert", "treasurer", "group_leader"])
async def test_roles_without_a_row_may_not_ask(role: str, stage: Stage) -> None:
    assert (await stage.client.get("/v1/journeys", headers=stage.bearer(role, organisation="cn"))).status_code == 403


async def test_lists_filter_and_page(stage: Stage) -> None:
    await stage.arrive(cohort())
    headers = stage.bearer("auditor")
    found: list[str] = []
    query: dict[str, str] = {"session": SESSION, "limit": "2"}

    while True:
        page = (await stage.client.get("/v1/journeys", params=query, headers=headers)).json()
        found += [item["participation"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    revoked = (await stage.client.get("/v1/journeys", params={"state": "revoked"}, headers=headers)).json()["items"]
    at_host = (await stage.client.get("/v1/journeys", params={"host": "hosts/H003"}, headers=headers)).json()["items"]

    assert sorted(found) == sorted(participation(n) for n in range(6))
    assert [item["participation"] for item in revoked] == [participation(1)]
    assert [item["participation"] for item in at_host] == [participation(3)]


async def test_hosts_see_no_money(stage: Stage) -> None:
    await stage.arrive(cohort())

    answer = await stage.client.get(
        f"/v1/journeys/{participation(1)}", headers=stage.bearer("host_officer", organisation="hosts/H001")
    )

    assert "money" not in answer.json()["sections"]
    assert "amount" not in answer.text


async def test_the_board_counts_the_cohort(stage: Stage) -> None:
    await stage.arrive(cohort(12))

    answer = await stage.client.get(
        f"/v1/boards/{PROGRAMME}/{SESSION}", headers=stage.bearer("regional_officer", organisation="cn/54")
    )

    board = answer.json()
    assert board["total"] == 12
    assert board["reached"] == {
        "applied": 12, "selected": 10, "placed": 8, "arrived": 8, "ended": 8, "assessed": 6, "certified": 4, "settled": 6,
    }  # fmt: skip
    assert board["stages"] == {"withdrawn": 4, "ended": 2, "failed": 2, "certified": 2, "revoked": 2}
    assert sum(board["stages"].values()) == board["total"]
    assert board["money"] == {
        "reserved": "200000.00", "committed": "160000.00", "released": "40000.00", "paid": "128000.00",
        "clawback_due": "6000.00", "clawed_back": "6000.00", "currency": "CNY",
    }  # fmt: skip
    assert {"from": "arrived", "to": "ended", "days": 364.0, "count": 8} in board["medians"]
    assert sum(row["total"] for row in board["by_prefecture"]) == 12
    assert [row["key"] for row in board["by_host_province"]] == ["11"]
    assert board["rosters"][0]["state"] == "acknowledged"


async def test_the_board_is_scoped_too(stage: Stage) -> None:
    await stage.arrive(cohort())
    path = f"/v1/boards/{PROGRAMME}/{SESSION}"

    mine = await stage.client.get(path, headers=stage.bearer("local_reviewer", organisation="cn/54/5401"))
    others = await stage.client.get(path, headers=stage.bearer("regional_officer", organisation="cn/63"))
    host = await stage.client.get(path, headers=stage.bearer("host_officer", organisation="hosts/H001"))

    assert (mine.json()["total"], others.status_code, host.status_code) == (1, 404, 403)


async def test_the_same_cohort_in_another_order_has_the_same_hash(stage: Stage) -> None:
    await stage.arrive(cohort())
    first = await board_hash(stage)
    async with stage.engine.begin() as connection:
        await connection.execute(text("TRUNCATE feed, journey, roster"))
    for service in ("funding", "assessment", "placement", "selection"):
        for n in range(6):
            await stage.arrive(story(n, ENDINGS[n]).get(service, []))

    assert await board_hash(stage) == first


async def test_a_rebuild_from_the_log_equals_the_live_journeys(stage: Stage, event_log: EventLog) -> None:
    """Also when the log holds duplicates; and a damaged live row is found and repaired."""
    arrivals = cohort()
    records = [record_of(arrival) for arrival in arrivals]
    await event_log.append(records)
    await event_log.append(records[:20])
    await stage.arrive(arrivals)

    fine = await rebuild(stage.engine, event_log)
    async with stage.engine.begin() as connection:
        await connection.execute(
            text("UPDATE journey SET document_hash = 'x', stage = 'placed' WHERE id = CAST(:id AS uuid)"),
            {"id": participation(3)},
        )
    damaged = await rebuild(stage.engine, event_log, swap=True)
    repaired = await rebuild(stage.engine, event_log)

    assert (fine.equal, fine.events) == (True, len(arrivals))
    assert (damaged.equal, damaged.different) == (False, (participation(3),))
    assert repaired.equal
    assert repaired.cohort == await board_hash(stage)


async def test_a_rebuild_while_traffic_goes_on_gives_the_same_hash(stage: Stage, event_log: EventLog) -> None:
    """Writers publish and the live projection follows them with a lag of its own; every rebuild meanwhile is equal."""
    people = [woven(story(100 + n, ENDINGS[n % len(ENDINGS)]), []) for n in range(24)]
    ended = asyncio.Event()

    async def publish(share: list[list[Arrival]]) -> None:
        for arrivals in share:
            for begin in range(0, len(arrivals), 4):
                some = arrivals[begin : begin + 4]
                await event_log.append([record_of(arrival) for arrival in some])
                await asyncio.sleep(0.02)
                await stage.arrive(some)

    async def traffic() -> None:
        await asyncio.gather(*(publish(people[n::3]) for n in range(3)))
        ended.set()

    writing = asyncio.create_task(traffic())
    during = []
    while not ended.is_set():
        during.append(await rebuild(stage.engine, event_log))
    await writing
    after = await rebuild(stage.engine, event_log, swap=True)

    assert [found.different for found in during] == [()] * len(during)
    assert all(found.equal for found in during)
    assert len({found.live for found in during}) > 1, "nothing was written meanwhile"
    assert after.equal
    assert after.cohort == await board_hash(stage)


def record_of(arrival: Arrival) -> Record:
    """An arrival as it stands in the log."""
    told = arrival.happening
    envelope = Envelope(
        arrival.event_id, arrival.source, arrival.type, told.subject, told.at, told.sequence, arrival.aggregate
    )
    return Record(topic_of(told.service), told.subject, orjson.dumps(told.payload), envelope.headers())


async def board_hash(stage: Stage) -> str:
    """The content hash of the cohort."""
    answer = await stage.client.get(f"/v1/boards/{PROGRAMME}/{SESSION}", headers=stage.bearer("auditor"))
    return str(answer.json()["content_hash"])


async def read_all(stage: Stage, limit: int, upto: int | None = None) -> tuple[list[dict[str, Any]], str]:
    """Follow the feed to its end, or read its first events only."""
    items: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": upto or limit}
    while True:
        page = (await stage.client.get("/v1/events", params=query, headers=stage.bearer("auditor"))).json()
        items += page["items"]
        query["cursor"] = page["next_cursor"]
        if upto or not page["has_more"]:
            return items, page["next_cursor"]


@asynccontextmanager
async def streaming(stage: Stage, headers: dict[str, str]) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The events of an open stream."""
    async with stage.client.stream("GET", "/v1/events/stream", headers=stage.bearer("auditor") | headers) as answer:

        async def frames() -> AsyncIterator[dict[str, Any]]:
            frame: dict[str, Any] = {}
            async for line in answer.aiter_lines():
                name, _, value = line.partition(": ")
                if not line and "data" in frame:
                    yield frame
                    frame = {}
                elif name in {"id", "event"}:
                    frame[name] = value
                elif name == "data":
                    frame["data"] = orjson.loads(value)

        yield frames()
