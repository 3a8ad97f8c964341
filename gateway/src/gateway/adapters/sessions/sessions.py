"""Sessions of browsers: opened by a sign-in, kept fresh under a claim, ended by time, by the person or by the provider."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from gateway.adapters.db import sessions as table
from gateway.adapters.db.sessions import SessionRow
from gateway.adapters.forwarding.headers import Headers
from gateway.adapters.identity.verification import Caller, Verifier
from gateway.adapters.refusals import UpstreamDown
from gateway.adapters.sessions.cookies import Cookies
from gateway.adapters.sessions.provider import GrantRefused, OidcClient, Tokens
from shared.http.problems import Unauthenticated
from shared.http.running import Running
from shared.kernel.actor import Actor
from shared.logs import logger
from shared.vault import Vault
from shared.work.unit import Circumstances

SEEN_EVERY = timedelta(seconds=60)
CLAIM_LASTS = timedelta(seconds=15)
WAIT_SECONDS = 5.0
EARLY = timedelta(seconds=60)
"""A token is renewed a minute before its end, or in the last quarter of a short life."""

_log = logger("sessions")


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session counts: without use, and in all."""

    idle: timedelta
    whole: timedelta


class Sessions:
    """Every session of every browser; the rows are in PostgreSQL, so that any gateway process serves any browser.

    Args:
        running: the gateway.
        client: the provider, as its client.
        verifier: checks access tokens as at the front of the door.
        vault: seals tokens at rest.
        cookies: names and proofs.
        lasting: ends.
        clock: machine time, never the business clock.
    """

    def __init__(
        self, running: Running[Any], client: OidcClient, verifier: Verifier, vault: Vault, cookies: Cookies,
        lasting: Lasting, clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self._running = running
        self._verifier = verifier
        self.client = client
        self.vault = vault
        self.cookies = cookies
        self.lasting = lasting
        self.clock = clock

    async def open(self, tokens: Tokens, claims: dict[str, Any], earlier: str | None) -> str:
        """The cookie of a new session; the one the browser had before ends, and nothing of it is taken over.

        Raises:
            Unauthenticated: the access token is not one for us, or speaks of somebody else than the ID token.
        """
        caller = await self._verifier.verify(f"Bearer {tokens.access}")
        if caller.actor.subject != claims.get("sub"):
            raise Unauthenticated("unauthenticated", "The provider gave tokens of two persons.")
        cookie, now = secrets.token_urlsafe(32), self.clock()
        id_hash = _hash(cookie)
        sid = claims.get("sid")
        key = self.vault.new_key(id_hash.hex())
        row = {
            "id_hash": id_hash, "subject": caller.actor.subject, "sid": sid if isinstance(sid, str) else None,
            "wrapped_key": key, "generation": 1, "created_at": now, "seen_at": now, "ends_at": now + self.lasting.whole,
        } | self._renewed(id_hash, key, tokens, caller, now)  # fmt: skip
        async with self._running.unit(Circumstances(caller.actor)) as unit:
            await table.purge_sessions(unit.connection, now)
            if earlier is not None:
                await table.end_sessions(unit.connection, id_hash=_hash(earlier))
            await table.add_session(unit.connection, row)
            unit.note("session.open", "session", _name(id_hash))
        return cookie

    async def present(self, headers: Headers, method: str) -> Caller | None:
        """The caller behind the cookie of a request, or None when it has none.

        Raises:
            Unauthenticated: no such session, or it has ended.
            Forbidden: ``csrf-refused``.
            UpstreamDown: the tokens ran out while the provider was away.
        """
        cookie = self.cookies.read(headers, self.cookies.session)
        if cookie is None:
            return None
        row = await self.alive(cookie)
        if row is None:
            raise Unauthenticated("unauthenticated", "The session has ended; sign in again.")
        self.cookies.check(headers, method, cookie)
        return await self._verifier.verify(f"Bearer {self.tokens(row).access}")

    async def alive(self, cookie: str) -> SessionRow | None:
        """The session of a cookie with tokens that are still good, or None."""
        id_hash, now = _hash(cookie), self.clock()
        async with self._running.engine.begin() as connection:
            row = await table.find_session(connection, id_hash)
            if row is not None and now - row.seen_at >= SEEN_EVERY and self._counts(row, now):
                await table.touch_session(connection, id_hash, now)
        if row is None:
            return None
        if not self._counts(row, now):
            await self.end(row.subject, "expired", id_hash=id_hash)
            return None
        return row if now < row.refresh_at else await self._refreshed(row)

    async def end(self, by: str, reason: str, **which: Any) -> list[SessionRow]:
        """End sessions (see ``end_sessions``) and write down who ended them and why."""
        async with self._running.unit(Circumstances(Actor(by))) as unit:
            ended = await table.end_sessions(unit.connection, **which)
            for row in ended:
                unit.note("session.end", "session", _name(row.id_hash), reason=reason)
        return ended

    def tokens(self, row: SessionRow) -> Tokens:
        """The tokens of a session."""
        owner = row.id_hash.hex()
        return Tokens(**orjson.loads(self.vault.open(row.wrapped_key, owner, _place(owner), row.tokens)))

    def idle_until(self, row: SessionRow) -> datetime:
        """When the session ends unless it is used."""
        return min(row.seen_at + self.lasting.idle, row.ends_at)

    def _counts(self, row: SessionRow, now: datetime) -> bool:
        return now < self.idle_until(row)

    async def _refreshed(self, row: SessionRow) -> SessionRow | None:
        """The session with new tokens: one browser tab spends the refresh token, the others wait for what it got."""
        now, refresh = self.clock(), self.tokens(row).refresh
        if not refresh:
            if now < row.access_ends_at:
                return row
            await self.end(row.subject, "no-refresh", id_hash=row.id_hash)
            return None
        async with self._running.engine.begin() as connection:
            mine = await table.claim_refresh(connection, row, now, now + CLAIM_LASTS)
        if mine:
            return await self._spend(row, refresh)
        return row if now < row.access_ends_at else await self._await_other(row)

    async def _spend(self, row: SessionRow, refresh: str) -> SessionRow | None:
        try:
            given = await self.client.refresh(refresh)
            earlier = self.tokens(row)
            tokens = Tokens(given.access, given.refresh or earlier.refresh, given.id_token or earlier.id_token)
            caller = await self._same(row, tokens)
        except (GrantRefused, Unauthenticated) as error:
            _log.info("session not renewed", reason=str(error))
            await self.end(row.subject, "refresh-refused", id_hash=row.id_hash)
            return None
        except UpstreamDown:
            async with self._running.engine.begin() as connection:
                await table.change_session(connection, row, {"refreshing_until": None})
            if self.clock() < row.access_ends_at:
                return row
            raise
        values = self._renewed(row.id_hash, row.wrapped_key, tokens, caller, self.clock())
        changed = values | {"generation": row.generation + 1, "refreshing_until": None}
        async with self._running.engine.begin() as connection:
            await table.change_session(connection, row, changed)
            return await table.find_session(connection, row.id_hash)

    async def _same(self, row: SessionRow, tokens: Tokens) -> Caller:
        caller = await self._verifier.verify(f"Bearer {tokens.access}")
        if caller.actor.subject != row.subject:
            raise GrantRefused("another subject")
        return caller

    async def _await_other(self, row: SessionRow) -> SessionRow | None:
        waited = 0.0
        while waited < WAIT_SECONDS:
            await asyncio.sleep(0.05)
            waited += 0.05
            async with self._running.engine.connect() as connection:
                found = await table.find_session(connection, row.id_hash)
            if found is None or found.generation > row.generation:
                return found
        raise UpstreamDown("upstream-down", "The identity provider does not answer; try again shortly.", retry_after=5)

    def _renewed(
        self, id_hash: bytes, wrapped_key: bytes, tokens: Tokens, caller: Caller, now: datetime
    ) -> dict[str, Any]:
        ends, owner = datetime.fromtimestamp(caller.expires, UTC), id_hash.hex()
        content = orjson.dumps({"access": tokens.access, "refresh": tokens.refresh, "id_token": tokens.id_token})
        return {
            "tokens": self.vault.seal(wrapped_key, owner, _place(owner), content.decode()),
            "access_ends_at": ends, "refresh_at": ends - min(EARLY, (ends - now) / 4),
        }  # fmt: skip


def _hash(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()


def _name(id_hash: bytes) -> str:
    """How the audit trail names a session: nobody finds the cookie from it."""
    return id_hash[:8].hex()


def _place(owner: str) -> str:
    return f"browser_session|tokens|{owner}"
