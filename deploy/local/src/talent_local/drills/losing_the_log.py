"""Drill: the event log is lost as a whole, a part of the record has moved to the archive; it is filled again."""

from __future__ import annotations

import asyncio
import time

from talent_local.cohort.effects import effects, events, more
from talent_local.cohort.run import door_of
from talent_local.cohort.trial import rebuilt_equals_live, rest
from talent_local.drills.table import Table
from talent_local.drills.writing import Writer
from talent_local.home import Home
from talent_local.running import platform
from talent_local.running.servers import SERVICES, postgres
from talent_local.safekeeping.refilling import refill

ARCHIVED = (
    "WITH old AS (DELETE FROM outbox WHERE published_at IS NOT NULL AND id <= (SELECT max(id) / 2 FROM outbox) RETURNING *) "
    "INSERT INTO event_archive (id, event_id, aggregate_type, aggregate_id, aggregate_seq, type, schema_version, payload, "
    "headers, created_at, published_at) SELECT id, event_id, aggregate_type, aggregate_id, aggregate_seq, type, "
    "schema_version, payload, headers, created_at, published_at FROM old"
)


async def drill(home: Home) -> Table:
    """Run on a platform at rest that holds something; afterwards it holds the same, and half of the record is archived."""
    table = Table("Total loss of the event log")
    for service in SERVICES:
        await asyncio.to_thread(postgres(home).execute, ARCHIVED, database=service)
    before = await asyncio.to_thread(effects, home)
    began = time.monotonic()
    counted = await asyncio.to_thread(refill, home, _quiet)
    filled = time.monotonic()
    await asyncio.to_thread(platform.start, home, say=_quiet)
    table.add("log lost, programs stopped, log filled again", f"{filled - began:.1f} s")
    told = ", ".join(f"{name} {count}" for name, count in counted.items())
    table.add("events appended", told, f"{events(before)} in all", sum(counted.values()) == events(before))
    found = await rest(home)
    table.add("until everything serves and consumers have read the whole log", f"{time.monotonic() - began:.1f} s")
    table.add("invariants of the auditor violated", len(found), "0", not found)
    after = await asyncio.to_thread(effects, home)
    table.add("events and acts more than before", more(before, after) or 0, "0", before == after)
    same, _ = await asyncio.to_thread(rebuilt_equals_live, home)
    table.add("read model rebuilt from the new log equals live", same, "True", same)
    async with door_of(home) as door:
        await Writer(door).open(1)
    table.add("commands after that", 1, "accepted")
    return table


def _quiet(_: str) -> None:
    """Say nothing."""
