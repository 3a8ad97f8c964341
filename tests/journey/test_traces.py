"""The trace of a command is whole on a real platform: gateway, service, relay, consumer; also when the relay is killed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import pytest

from shared.testing.collector import Collector, Seen, collecting
from talent_local.cohort.road.door import Door
from talent_local.cohort.run import door_of
from talent_local.cohort.traces import a_fund, turn, whole
from talent_local.cohort.trial import a_platform
from talent_local.home import Home
from talent_local.running.plan import Plan, embedded_log
from talent_local.running.units import Program

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

RUNS = 100
KILLS = 5


@contextmanager
def _traced() -> Iterator[tuple[Home, Collector]]:
    with collecting() as collector, pytest.MonkeyPatch.context() as patch:
        for name, value in collector.environment().items():
            patch.setenv(name, value)
        with a_platform() as home:
            yield home, collector


def _complete(collector: Collector, count: int, seconds: float = 60.0) -> dict[str, str]:
    def settled(spans: list[Seen]) -> bool:
        found = whole(spans)
        return len(found) >= count and not any(found.values())

    collector.wait(settled, seconds)
    return whole(list(collector.spans))


async def test_every_trace_is_whole_also_across_a_killed_relay() -> None:
    """100 commands: 100 whole traces. 5 more, whose relay dies while it publishes: whole too, once it is back."""
    with _traced() as (home, collector):
        async with door_of(home, 60.0) as door:
            fund = await a_fund(door)
            for number in range(RUNS):
                await turn(door, fund, number)
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
    before = len(whole(list(collector.spans)))
    connection = await asyncpg.connect(embedded_log(home).removeprefix("embedded+"))
    try:
        holding = connection.transaction()
        await holding.start()
        await connection.execute("LOCK TABLE log_record IN EXCLUSIVE MODE")
        await turn(door, fund, number)
        assert await asyncio.to_thread(collector.wait, lambda spans: len(whole(spans)) > before)
        Program(home, recipe).kill()
        await holding.rollback()
    finally:
        await connection.close()
