"""``python -m shared.messaging.refill SERVICE``: fills an event log that was lost from the service's own database.

The archive and the outbox are the record of every event; the log is a copy (events.md 2.9). Everything that was published
is appended again in the order of its ids, which inside an aggregate is the order of its sequence numbers. What was not
published yet is left to the relay. Consumers know by the inbox what they have applied, so nothing takes effect twice.

While it runs it holds the lease of the service's relays: the API goes on accepting, and what is new follows afterwards.
Consumers must not run meanwhile, because their positions belong to the log that was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from pydantic_settings import SettingsConfigDict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.event import topic_of
from shared.eventlog.factory import open_event_log
from shared.eventlog.port import EventLog
from shared.messaging.relay import LEASE_SECONDS, Relay
from shared.settings import ServiceSettings
from shared.work.database import open_engine

BATCH: Final = 1000
_TRIES: Final = 20
_COLUMNS: Final = "id, event_id, aggregate_type, aggregate_id, aggregate_seq, type, payload, headers"
_PUBLISHED: Final = text(
    f"SELECT * FROM (SELECT {_COLUMNS} FROM event_archive WHERE id > :after UNION ALL "  # noqa: S608 - constants
    f"SELECT {_COLUMNS} FROM outbox WHERE id > :after AND published_at IS NOT NULL) AS published ORDER BY id LIMIT :most"
)


class RelayAtWork(Exception):
    """A relay of the service holds the lease and renews it: its workers were not stopped."""


def settings_of(service: str) -> ServiceSettings:
    """The service's own settings, from variables or files that begin with its name."""

    class Own(ServiceSettings):
        model_config = SettingsConfigDict(env_prefix=f"{service.upper()}_", extra="ignore", frozen=True)

    return Own()


async def refill(engine: AsyncEngine, log: EventLog, service: str, *, batch: int = BATCH) -> int:
    """Append everything that the service ever published; how many events that were.

    Raises:
        RelayAtWork: nothing was appended; stop the service's workers first.
        EventLogError: the log did not take a batch; say it again, what is there twice has no effect.
    """
    relay = Relay(engine, log, service, owner="refill")
    await _lease(relay)
    try:
        await log.ensure_topics([topic_of(service)])
        count = 0
        async for rows in _published(engine, batch):
            await _lease(relay)
            await log.append([relay.record(row) for row in rows])
            count += len(rows)
        return count
    finally:
        await relay.release()


async def run(service: str, settings: ServiceSettings) -> int:
    """Refill with the settings of the service."""
    engine = open_engine(settings.database_url, pool=2, application=f"{service}-refill")
    log = open_event_log(settings.event_log_url)
    try:
        return await refill(engine, log, service)
    finally:
        await log.close()
        await engine.dispose()


async def _lease(relay: Relay) -> None:
    """Own the lease, or renew it; a relay that was crashed lets go of it by itself."""
    for _ in range(_TRIES):
        if await relay.hold():
            return
        await asyncio.sleep(2 * LEASE_SECONDS / _TRIES)
    raise RelayAtWork("A relay of this service is at work; stop its workers, refill, start them again.")


async def _published(engine: AsyncEngine, batch: int) -> AsyncIterator[Sequence[Any]]:
    after = 0
    while True:
        async with engine.connect() as connection:
            rows = (await connection.execute(_PUBLISHED, {"after": after, "most": batch})).all()
        if not rows:
            return
        yield rows
        after = rows[-1].id


def main() -> int:
    """Command line; 1 when a relay is at work."""
    parser = argparse.ArgumentParser(prog="python -m shared.messaging.refill", description=refill.__doc__)
    parser.add_argument("service", choices=("selection", "placement", "assessment", "funding"))
    service = parser.parse_args().service
    settings = settings_of(service)
    try:
        count = asyncio.run(run(service, settings))
    except RelayAtWork as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{service}: {count} events\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
