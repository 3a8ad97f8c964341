"""The tables of the embedded log, created in a database of its own: ``python -m shared.eventlog.migrate URL``."""

from __future__ import annotations

import asyncio
import sys
from typing import Final

import asyncpg

_LOCK: Final = 7_001_963
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS log_topic (
    name text PRIMARY KEY, partitions integer NOT NULL CHECK (partitions > 0)
);
CREATE TABLE IF NOT EXISTS log_partition (
    topic text NOT NULL REFERENCES log_topic (name), partition integer NOT NULL,
    next_offset bigint NOT NULL DEFAULT 0, PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS log_record (
    topic text NOT NULL, partition integer NOT NULL, "offset" bigint NOT NULL,
    key text NOT NULL, value bytea NOT NULL, headers jsonb NOT NULL,
    appended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (topic, partition, "offset")
);
CREATE TABLE IF NOT EXISTS log_group (
    name text PRIMARY KEY, generation bigint NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS log_member (
    group_name text NOT NULL REFERENCES log_group (name), member text NOT NULL, incarnation uuid NOT NULL,
    topics text[] NOT NULL, session interval NOT NULL, seen_at timestamptz NOT NULL,
    PRIMARY KEY (group_name, member)
) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS log_committed (
    group_name text NOT NULL REFERENCES log_group (name), topic text NOT NULL, partition integer NOT NULL,
    next_offset bigint NOT NULL, generation bigint NOT NULL, PRIMARY KEY (group_name, topic, partition)
) WITH (fillfactor = 50);
"""


async def ensure_schema(url: str) -> None:
    """Create what is missing; safe to run by several processes at once.

    Args:
        url: URL of the log (``embedded+postgresql://…``) or the plain DSN. A ``kafka://`` URL needs no tables.
    """
    if url.startswith("kafka://"):
        return
    connection = await asyncpg.connect(url.removeprefix("embedded+"), timeout=10)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            await connection.execute("SET LOCAL client_min_messages = warning")
            await connection.execute(_SCHEMA)
    finally:
        await connection.close()


def main(arguments: list[str]) -> int:
    """Command line: one argument, the URL of the log."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m shared.eventlog.migrate URL\n")
        return 2
    asyncio.run(ensure_schema(arguments[0]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
