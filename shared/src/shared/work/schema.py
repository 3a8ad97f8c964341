"""Which schema a release works with: the head of its migrations, or any that it does not know yet.

Read from the text of the migration files: a service that runs does not load the library that migrates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_IS: Final = re.compile(r'^revision(?:: str)? = "(\w+)"', re.MULTILINE)
_AFTER: Final = re.compile(r'^down_revision(?:: [^=]+)? = "(\w+)"', re.MULTILINE)
_IS_THERE: Final = text("SELECT to_regclass('alembic_version') IS NOT NULL")
_AT: Final = text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, slots=True)
class Schema:
    """The schema of a release.

    Attributes:
        head: the revision at which this release's migrations end.
        known: all its revisions.
    """

    head: str
    known: frozenset[str]

    def is_met(self, at: str | None) -> bool:
        """True when a database at revision ``at`` serves this release.

        A revision that is not known is a newer release's, which expands and never takes away what the release before it
        uses; None is a database that nobody migrated.
        """
        return at is not None and (at == self.head or at not in self.known)


@cache
def schema_of(package: str) -> Schema:
    """The schema of an installed service.

    Args:
        package: import name, ``selection``.

    Raises:
        ValueError: its migrations have no single end.
    """
    folder = files(package) / "migrations" / "versions"
    texts = [each.read_text(encoding="utf-8") for each in folder.iterdir() if each.name.endswith(".py")]
    known = {found[1] for each in texts if (found := _IS.search(each))}
    (head,) = known - {found[1] for each in texts if (found := _AFTER.search(each))}
    return Schema(head, frozenset(known))


async def revision_of(connection: AsyncConnection) -> str | None:
    """At which revision the database is; None before its first migration."""
    if not (await connection.execute(_IS_THERE)).scalar_one():
        return None
    at: str | None = (await connection.execute(_AT)).scalar_one_or_none()
    return at
