"""The table of browser sessions and its statements; the cookie's value is never here, only its hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.adapters.db.tables import metadata
from shared.work.tables import moment

browser_session = Table(
    "browser_session",
    metadata,
    Column("id_hash", LargeBinary, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("sid", Text),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("tokens", LargeBinary, nullable=False),
    Column("generation", Integer, nullable=False),
    moment("created_at"),
    moment("seen_at"),
    moment("refresh_at"),
    moment("access_ends_at"),
    moment("ends_at"),
    moment("refreshing_until", nullable=True),
    CheckConstraint("octet_length(id_hash) = 32", name="id_hash"),
    CheckConstraint("ends_at > created_at AND seen_at >= created_at", name="times"),
    CheckConstraint("generation >= 1", name="generation"),
    Index("ix_browser_session_subject", "subject"),
    Index("ix_browser_session_sid", "sid"),
    Index("ix_browser_session_ends_at", "ends_at"),
)
_T = browser_session.c


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session as it is stored; ``tokens`` is sealed."""

    id_hash: bytes
    subject: str
    sid: str | None
    wrapped_key: bytes
    tokens: bytes
    generation: int
    created_at: datetime
    seen_at: datetime
    refresh_at: datetime
    access_ends_at: datetime
    ends_at: datetime
    refreshing_until: datetime | None


async def find_session(connection: AsyncConnection, id_hash: bytes) -> SessionRow | None:
    """The session, whether it still counts or not."""
    row = (await connection.execute(select(browser_session).where(_T.id_hash == id_hash))).one_or_none()
    return None if row is None else SessionRow(**row._mapping)


async def add_session(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Write a new session."""
    await connection.execute(insert(browser_session).values(**values))


async def touch_session(connection: AsyncConnection, id_hash: bytes, at: datetime) -> None:
    """Note that the session was used."""
    await connection.execute(update(browser_session).where(_T.id_hash == id_hash, _T.seen_at < at).values(seen_at=at))


async def claim_refresh(connection: AsyncConnection, row: SessionRow, at: datetime, until: datetime) -> bool:
    """True for the one who may spend the refresh token of this generation; the claim ends by itself at ``until``."""
    free = or_(_T.refreshing_until.is_(None), _T.refreshing_until < at)
    mine = (_T.id_hash == row.id_hash, _T.generation == row.generation, free)
    done = await connection.execute(update(browser_session).where(*mine).values(refreshing_until=until))
    return done.rowcount == 1


async def change_session(connection: AsyncConnection, row: SessionRow, values: Mapping[str, Any]) -> bool:
    """Change a session of this generation; False when it is another one by now, or gone."""
    mine = (_T.id_hash == row.id_hash, _T.generation == row.generation)
    return (await connection.execute(update(browser_session).where(*mine).values(**values))).rowcount == 1


async def end_sessions(
    connection: AsyncConnection,
    *,
    id_hash: bytes | None = None,
    subject: str | None = None,
    sid: str | None = None,
    before: datetime | None = None,
) -> list[SessionRow]:
    """Delete the sessions that fit everything given, and give them back; nothing given deletes nothing."""
    terms = [
        term
        for term, given in (
            (_T.id_hash == id_hash, id_hash), (_T.subject == subject, subject), (_T.sid == sid, sid),
        )
        if given is not None
    ]  # fmt: skip
    if not terms:
        return []
    if before is not None:
        terms.append(_T.created_at < before)
    found = await connection.execute(delete(browser_session).where(*terms).returning(*browser_session.c))
    return [SessionRow(**row._mapping) for row in found]


async def purge_sessions(connection: AsyncConnection, now: datetime) -> int:
    """Delete what has ended by age; how many."""
    return (await connection.execute(delete(browser_session).where(_T.ends_at <= now))).rowcount
