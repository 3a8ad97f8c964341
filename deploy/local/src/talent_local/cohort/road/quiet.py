"""Whether the platform is quiet: nothing is on its way, and everybody has dealt with everything they listen to.

Read from the databases, for no single service can know it. The walk asks before it moves the clock: what is still on its
way would carry the new day, and two walks of the same cohort would differ by how fast the machine was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import psycopg

from talent_local.running.servers import SERVICES

HEARS: Final = {
    "selection": ("assessment", "placement"),
    "placement": ("selection",),
    "assessment": ("placement", "selection"),
    "funding": ("assessment", "placement", "selection"),
    "gateway": SERVICES,
}
"""Who listens to whom: every event of a source reaches the inbox of each of its listeners."""

_RECEIVED: Final = "SELECT source, count(*) FROM inbox WHERE consumer = %s GROUP BY source"
_SAID: Final = (
    "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM event_archive), "
    "(SELECT count(*) FROM outbox WHERE published_at IS NULL)"
)


def is_quiet(dsn: Callable[[str], str]) -> bool:
    """True when every event was published and received by all who listen; False also while a database does not answer.

    Args:
        dsn: where the database of a member is reached.

    An effect is committed together with the receipt of its cause. Receipts are counted before events: if the counts are
    equal, then everything had been received when the counting began, and all its effects are among the events counted.
    """
    try:
        received = {(who, source): count for who in HEARS for source, count in _rows(dsn, who, _RECEIVED, who)}
        said = {source: _rows(dsn, source, _SAID)[0] for source in SERVICES}
    except psycopg.OperationalError:
        return False
    return all(unpublished == 0 for _, unpublished in said.values()) and all(
        received.get((who, f"/{source}"), 0) == said[source][0] for who, sources in HEARS.items() for source in sources
    )


def _rows(dsn: Callable[[str], str], service: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn(service), connect_timeout=5) as connection:
        connection.read_only = True
        return list(connection.execute(statement, values or None).fetchall())
