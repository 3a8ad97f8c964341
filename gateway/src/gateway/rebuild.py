"""``python -m gateway.rebuild``: reads the event log from its beginning into shadow tables and compares them with the live ones.

Nothing outside the shadow is written unless ``--swap`` is given; then the shadow takes the place of the live read
models. The feed keeps its positions, because cursors of outsiders point into it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gateway.adapters.db.read_models import SqlReadModels
from gateway.adapters.events.consuming import arrival_of
from gateway.domain.fingerprint import cohort_hash
from gateway.settings import GatewaySettings
from gateway.usecases.project import Arrival, project
from shared.contracts.envelope import UnreadableEvent, read_envelope, read_event
from shared.contracts.event import topic_of
from shared.eventlog.factory import open_event_log
from shared.eventlog.port import Delivered, EventLog, Partition
from shared.work.database import open_engine

SCHEMA = "shadow"
TABLES = ("feed_head", "feed", "journey", "roster")
TOPICS = tuple(topic_of(service) for service in ("selection", "placement", "assessment", "funding"))
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a rebuild found.

    Attributes:
        events: events read.
        live: hash of every live journey, recorded times included.
        rebuilt: the same of the shadow.
        cohort: content hash of the rebuilt journeys, without times.
        different: participations that differ, at most twenty.
    """

    events: int
    live: str
    rebuilt: str
    cohort: str
    different: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """True when live and rebuilt are the same."""
        return self.live == self.rebuilt and not self.different


async def rebuild(engine: AsyncEngine, log: EventLog, *, swap: bool = False) -> Comparison:
    """Rebuild into the shadow up to the end of the log as it is now, compare, and swap when asked to.

    An event that came while the rebuild ran, or that still waits for an earlier one, shows as a difference: run it when
    the log rests.
    """
    async with engine.begin() as connection:
        await _prepare(connection)
    events = await _read_all(engine, log)
    async with engine.begin() as connection:
        found = await _compare(connection, events)
        if swap:
            await _swap(connection)
        await connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
    return found


async def _prepare(connection: AsyncConnection) -> None:
    await connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    await connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    for table in TABLES:
        await connection.execute(text(f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)"))
    await connection.execute(text(f"INSERT INTO {SCHEMA}.feed_head (id, position) VALUES (1, 0)"))  # noqa: S608 - a constant


async def _read_all(engine: AsyncEngine, log: EventLog) -> int:
    """Fold everything up to the present end of the log; the events of one aggregate are put into their own order."""
    ends = {place: end for place, end in (await log.end_offsets(TOPICS)).items() if end > 0}
    reader = log.reader(f"gateway-rebuild-{uuid4()}", TOPICS, "rebuild")
    reached: dict[Partition, int] = {}
    seen: set[tuple[str, str]] = set()
    waiting = _Sorter()
    count = 0
    await reader.join()
    try:
        while any(reached.get(place, 0) < end for place, end in ends.items()):
            fetched = await reader.fetch(BATCH, 1.0)
            arrivals: list[Arrival] = []
            for place, records in fetched.items():
                reached[place] = records[-1].offset + 1
                fresh = [record for record in records if record.offset < ends.get(place, 0)]
                arrivals += waiting.ready(_arrivals(fresh, seen))
            count += len(arrivals)
            async with engine.begin() as connection:
                await project(SqlReadModels(connection, SCHEMA), arrivals)
    finally:
        await reader.leave()
    return count


def _arrivals(records: Iterable[Delivered], seen: set[tuple[str, str]]) -> Iterable[Arrival]:
    """The readable events that were not seen before; what the live consumer parks is left out here too."""
    for record in records:
        try:
            envelope = read_envelope(record.headers)
            event = read_event(envelope, record.value)
        except UnreadableEvent:
            continue
        if event is None or (envelope.source, envelope.id) in seen:
            continue
        seen.add((envelope.source, envelope.id))
        yield arrival_of(envelope, event)


class _Sorter:
    """Gives the events of an aggregate out in the order of their numbers, as the consumer does."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], int] = {}
        self._held: dict[tuple[str, str], dict[int, Arrival]] = {}

    def ready(self, arrivals: Iterable[Arrival]) -> Iterable[Arrival]:
        for arrival in arrivals:
            stream = (arrival.source, arrival.happening.subject)
            held = self._held.setdefault(stream, {})
            held[arrival.happening.sequence] = arrival
            while (following := held.pop(self._last.get(stream, 0) + 1, None)) is not None:
                self._last[stream] = following.happening.sequence
                yield following


async def _compare(connection: AsyncConnection, events: int) -> Comparison:
    # The head's row is locked so that no projection commits between the two reads.
    await connection.execute(text("SELECT 1 FROM public.feed_head FOR UPDATE"))
    live, rebuilt = await _hashes(connection, "public"), await _hashes(connection, SCHEMA)
    different = sorted(one for one in live.keys() | rebuilt.keys() if live.get(one) != rebuilt.get(one))
    rosters = await connection.execute(
        text(
            f"(TABLE public.roster EXCEPT TABLE {SCHEMA}.roster) UNION ALL (TABLE {SCHEMA}.roster EXCEPT TABLE public.roster)"
        )
    )
    different += [str(row.id) for row in rosters]
    content = await connection.execute(text(f"SELECT id, content_hash FROM {SCHEMA}.journey"))  # noqa: S608 - a constant
    return Comparison(
        events,
        cohort_hash(live.items()),
        cohort_hash(rebuilt.items()),
        cohort_hash((str(row.id), row.content_hash) for row in content),
        tuple(different[:20]),
    )


async def _hashes(connection: AsyncConnection, schema: str) -> dict[str, str]:
    rows = await connection.execute(text(f"SELECT id, document_hash FROM {schema}.journey"))  # noqa: S608 - a constant
    return {str(row.id): row.document_hash for row in rows}


async def _swap(connection: AsyncConnection) -> None:
    for table in ("journey", "roster"):
        await connection.execute(text(f"DELETE FROM public.{table}"))  # noqa: S608 - a constant
        await connection.execute(text(f"INSERT INTO public.{table} TABLE {SCHEMA}.{table}"))
    await connection.execute(text("UPDATE public.journey SET position = (SELECT position FROM public.feed_head)"))


async def run(settings: GatewaySettings, *, swap: bool) -> Comparison:
    """Rebuild with the gateway's own settings."""
    engine: Any = open_engine(settings.database_url, pool=2, application="gateway-rebuild")
    log = open_event_log(settings.event_log_url)
    try:
        return await rebuild(engine, log, swap=swap)
    finally:
        await log.close()
        await engine.dispose()


def main() -> int:
    """Command line; the answer is 0 when live and rebuilt are equal."""
    parser = argparse.ArgumentParser(prog="python -m gateway.rebuild", description="Rebuild the journeys and compare.")
    parser.add_argument("--swap", action="store_true", help="let the rebuilt journeys take the place of the live ones")
    found = asyncio.run(run(GatewaySettings(), swap=parser.parse_args().swap))
    lines = [
        f"events   {found.events}",
        f"live     {found.live}",
        f"rebuilt  {found.rebuilt}",
        f"cohort   {found.cohort}",
        "equal" if found.equal else f"different: {', '.join(found.different)}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if found.equal else 1


if __name__ == "__main__":
    sys.exit(main())
