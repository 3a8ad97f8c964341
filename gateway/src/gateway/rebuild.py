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
from shared.eventlog.port import Delivered, EventLog, Partition, Reader
from shared.work.database import open_engine

SCHEMA = "shadow"
TABLES = ("feed_head", "feed", "journey", "roster")
TOPICS = tuple(topic_of(service) for service in ("selection", "placement", "assessment", "funding"))
BATCH = 1000
PULLS = 5
"""How often the end of the log is looked for while the live read models are held still."""


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
    """Rebuild into the shadow, compare, and swap when asked to; live traffic may go on meanwhile.

    The shadow takes in exactly the events that the live read models have taken in. At the end these are held still for
    the moment that it takes to read what came last and to compare (and to swap).
    """
    async with engine.begin() as connection:
        await _prepare(connection)
    reader = log.reader(f"gateway-rebuild-{uuid4()}", TOPICS, "rebuild")
    await reader.join()
    try:
        replay = _Replay(engine, log, reader)
        await replay.pull()
        async with engine.begin() as connection:
            # Projections wait for the head's row: none commits between the last event and the comparison.
            await connection.execute(text("SELECT 1 FROM public.feed_head FOR UPDATE"))
            for _ in range(PULLS):
                if not await replay.pull():
                    break
            found = await _compare(connection, replay.count)
            if swap:
                await _swap(connection)
            await connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
    finally:
        await reader.leave()
    return found


async def _prepare(connection: AsyncConnection) -> None:
    await connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
    await connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    for table in TABLES:
        await connection.execute(text(f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)"))
    await connection.execute(text(f"INSERT INTO {SCHEMA}.feed_head (id, position) VALUES (1, 0)"))  # noqa: S608 - a constant


class _Replay:
    """Reads the log into the shadow; the events of one aggregate are put into their own order."""

    def __init__(self, engine: AsyncEngine, log: EventLog, reader: Reader) -> None:
        self.count = 0
        self._engine, self._log, self._reader = engine, log, reader
        self._reached: dict[Partition, int] = {}
        self._seen: set[tuple[str, str]] = set()
        self._sorter = _Sorter()
        self._held: list[Arrival] = []

    async def pull(self) -> bool:
        """Read up to the present end of the log; True when the live read models have events that the shadow has not."""
        ends = {place: end for place, end in (await self._log.end_offsets(TOPICS)).items() if end > 0}
        while any(self._reached.get(place, 0) < end for place, end in ends.items()):
            fetched = await self._reader.fetch(BATCH, 1.0)
            for place, records in fetched.items():
                self._reached[place] = records[-1].offset + 1
                self._held += self._sorter.ready(_arrivals(records, self._seen))
            await self._project()
        await self._project()
        async with self._engine.connect() as connection:
            behind = text(f"SELECT l.position > s.position FROM public.feed_head l, {SCHEMA}.feed_head s")  # noqa: S608 - a constant
            return bool((await connection.execute(behind)).scalar_one())

    async def _project(self) -> None:
        """Fold what the live read models have; the rest is held until they have it, all seen at one moment."""
        async with self._engine.begin() as connection:
            asked = text("SELECT event_id FROM public.feed WHERE event_id = ANY(CAST(:ids AS uuid[]))")
            rows = await connection.execute(asked, {"ids": [arrival.event_id for arrival in self._held]})
            live = {str(row.event_id) for row in rows}
            taken = [arrival for arrival in self._held if arrival.event_id in live]
            self._held = [arrival for arrival in self._held if arrival.event_id not in live]
            self.count += await project(SqlReadModels(connection, SCHEMA), taken)


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
