"""The trace of a command is whole on a real platform: gateway, service, relay, consumer; also when the relay is killed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import pytest

from shared.testing.collector import Collector, Seen, collecting
from talent_local.cohort import calendar
from talent_local.cohort.cohort import SMALL
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door
from talent_local.cohort.run import door_of
from talent_local.cohort.steps.setting_up import apply_programme
from talent_local.cohort.trial import a_platform
from talent_local.home import Home
from talent_local.running.plan import Plan, embedded_log
from talent_local.running.units import Program

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

RUNS = 100
KILLS = 5
TOPIC = "funding.events.v1"


@contextmanager
def _traced() -> Iterator[tuple[Home, Collector]]:
    with collecting() as collector, pytest.MonkeyPatch.context() as patch:
        for name, value in collector.environment().items():
            patch.setenv(name, value)
        with a_platform() as home:
            yield home, collector


def _whole(spans: list[Seen]) -> dict[str, str]:
    """Trace of each command that froze or thawed → what is missing of it; empty when nothing is."""
    by_trace: dict[str, list[Seen]] = {}
    for span in spans:
        for trace in {span.trace, *(trace for trace, _ in span.links)}:
            by_trace.setdefault(trace, []).append(span)
    commands = {
        span.trace
        for span in spans
        if span.service == "funding" and span.kind == "SERVER" and span.name.endswith(("/freeze", "/thaw"))
    }
    busy = {span.parent for span in spans if span.kind == "CLIENT"}
    return {trace: _missing(trace, by_trace[trace], busy) for trace in commands}


def _missing(trace: str, spans: list[Seen], busy: set[str]) -> str:
    door = [s for s in spans if s.service == "gateway" and s.kind == "SERVER" and s.trace == trace and not s.parent]
    service = [
        s for s in spans
        if s.service == "funding" and s.kind == "SERVER" and s.parent in {d.span for d in door}
        and s.attributes.get("talent.outbox.events", 0) >= 1 and "talent.command" in s.attributes
    ]  # fmt: skip
    made = {(trace, s.span) for s in service}
    relay = [s for s in spans if s.name == f"{TOPIC} publish" and s.kind == "PRODUCER" and made & set(s.links)]
    hops = {(s.trace, s.span) for s in relay}
    consumer = [
        s for s in spans
        if s.service == "gateway" and s.name == f"{TOPIC} process" and s.kind == "CONSUMER"
        and ((s.trace, s.parent) in made or made & set(s.links)) and hops & set(s.links)
    ]  # fmt: skip
    database = [s for s in consumer if s.span in busy]
    stages = {"door": door, "service": service, "relay": relay, "consumer": consumer, "database": database}
    return ", ".join(name for name, found in stages.items() if not found)


async def _a_fund(door: Door) -> str:
    await apply_programme(door, SMALL)
    body = {
        "code": "traced", "name": "经费", "programme": calendar.PROGRAMME, "policy": calendar.BATCH,
        "sources": [{"code": "central", "name": "中央财政"}],
    }  # fmt: skip
    opened = await door.post(persons.PREPARER, "/v1/funding/funds", body, step="fund")
    return str(opened["id"])


async def _turn(door: Door, fund: str, number: int) -> None:
    action = ("freeze", "thaw")[number % 2]
    body = {"reason": "A word that nobody may read."}
    await door.post(persons.APPROVER, f"/v1/funding/funds/{fund}/{action}", body, step=f"turn-{number}")


def _complete(collector: Collector, count: int, seconds: float = 60.0) -> dict[str, str]:
    def settled(spans: list[Seen]) -> bool:
        found = _whole(spans)
        return len(found) >= count and not any(found.values())

    collector.wait(settled, seconds)
    return _whole(list(collector.spans))


async def test_every_trace_is_whole_also_across_a_killed_relay() -> None:
    """100 commands: 100 whole traces. 5 more, whose relay dies while it publishes: whole too, once it is back."""
    with _traced() as (home, collector):
        async with door_of(home, 60.0) as door:
            fund = await _a_fund(door)
            for number in range(RUNS):
                await _turn(door, fund, number)
            quiet = await asyncio.to_thread(_complete, collector, RUNS)
            for number in range(RUNS, RUNS + KILLS):
                await _killed_while_publishing(home, collector, door, fund, number)
            all_of_them = await asyncio.to_thread(_complete, collector, RUNS + KILLS)

    assert len(quiet) == RUNS
    assert {trace: missing for trace, missing in quiet.items() if missing} == {}
    assert len(all_of_them) == RUNS + KILLS
    assert {trace: missing for trace, missing in all_of_them.items() if missing} == {}
    assert b"A word that nobody may read" not in b"".join(collector.raw)
    idle = [s for s in collector.spans if not s.parent and s.kind in {"CLIENT", "INTERNAL"}]
    assert idle == [], "what background tasks ask the database by themselves is no trace"


async def _killed_while_publishing(home: Home, collector: Collector, door: Door, fund: str, number: int) -> None:
    """Hold the log so that the relay hangs in its append, kill the process, let go."""
    recipe = Plan.read(home).recipe("funding")
    assert recipe is not None
    before = len(_whole(list(collector.spans)))
    connection = await asyncpg.connect(embedded_log(home).removeprefix("embedded+"))
    try:
        holding = connection.transaction()
        await holding.start()
        await connection.execute("LOCK TABLE log_record IN EXCLUSIVE MODE")
        await _turn(door, fund, number)
        assert await asyncio.to_thread(collector.wait, lambda spans: len(_whole(spans)) > before)
        Program(home, recipe).kill()
        await holding.rollback()
    finally:
        await connection.close()
