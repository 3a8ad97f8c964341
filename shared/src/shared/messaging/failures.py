"""Which failures pass by themselves and which never will (events.md 2.7)."""

from __future__ import annotations

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.eventlog.port import LogUnavailable, StaleGeneration
from shared.kernel.refusals import Conflict, Refusal

_PASSING_CLASSES = {"", "08", "40", "53", "57"}
_LOCK_NOT_AVAILABLE = "55P03"


def is_transient(error: BaseException) -> bool:
    """Whether trying again later may succeed: connection, deadlock, lock timeout, shortage, lost race.

    Such failures are never counted against an event. Everything else, a refusal of the domain too, is permanent.
    """
    if isinstance(error, Refusal):
        return isinstance(error, Conflict) and error.code == "lost-race"
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        outage = not isinstance(error.orig, asyncpg.InterfaceError) and state == ""
        return error.connection_invalidated or outage or _passing(state)
    if isinstance(error, asyncpg.PostgresError):
        return _passing(str(error.sqlstate or ""))
    return isinstance(
        error, PoolTimeout | OSError | TimeoutError | asyncpg.InterfaceError | LogUnavailable | StaleGeneration
    )


def _passing(state: str) -> bool:
    return state != "" and (state[:2] in _PASSING_CLASSES or state == _LOCK_NOT_AVAILABLE)
