"""A service under test: migrated database, real routes in process, a clock that stands where the test puts it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.http.running import Running
from shared.kernel.actor import Actor
from shared.kernel.clock import FixedClock
from shared.settings import ServiceSettings
from shared.testing.actors import Keys

VAULT_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def settings_for(kind: type[ServiceSettings], url: str, keys: Keys, **more: Any) -> Any:
    """Settings of a service for a database at ``url``; nothing is read from the environment."""
    return kind(
        database_url=url,
        event_log_url="embedded+postgresql://unused",
        internal_keys=keys.public,
        signing_key=keys.private[str(kind.model_config["env_prefix"]).lower().rstrip("_")],
        cursor_secret="a secret of the tests",
        vault_key=VAULT_KEY,
        **more,
    )


class ServiceUnderTest:
    """Speaks to one service as an actor; reads its outbox; hands it events as the consumer would.

    Attributes:
        clock: the business clock; assign ``clock.at`` to let time pass.
        running: the running service.
    """

    def __init__(self, app: FastAPI, keys: Keys) -> None:
        self.app = app
        self.keys = keys
        self.running: Running[Any] = app.state.running
        self.clock = FixedClock(datetime(2024, 3, 1, 4, tzinfo=UTC))
        self.running.clock = self.clock
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://service"
        )

    async def call(
        self,
        actor: Actor | None,
        method: str,
        path: str,
        json: Any = None,
        *,
        key: str | None = None,
        if_match: str | int | None = None,
        issuer: str = "gateway",
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """One request as ``actor``; ``if_match`` may be a version number."""
        sent = dict(headers or {})
        if actor is not None:
            sent |= self.keys.bearer(actor, self.running.service.name, issuer)
        if key is not None:
            sent["idempotency-key"] = key
        if if_match is not None:
            sent["if-match"] = f'"v{if_match}"' if isinstance(if_match, int) else if_match
        return await self.client.request(method, path, json=json, headers=sent, **more)

    async def post(self, actor: Actor | None, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """POST as ``actor``."""
        return await self.call(actor, "POST", path, json, **more)

    async def get(self, actor: Actor | None, path: str, **more: Any) -> httpx.Response:
        """GET as ``actor``."""
        return await self.call(actor, "GET", path, **more)

    async def race(self, calls: Sequence[Any]) -> list[httpx.Response]:
        """All ``calls`` at once."""
        return list(await asyncio.gather(*calls))

    async def outbox(self, event: str | None = None) -> list[dict[str, Any]]:
        """Published payloads in order, with ``type``; only those of ``event`` (``selected``) when given."""
        async with self.running.engine.connect() as connection:
            rows = await connection.execute(text("SELECT type, payload FROM outbox ORDER BY id"))
            found = [{"type": row.type.split(".", 3)[3].rpartition(".v")[0]} | row.payload for row in rows]
        return [row for row in found if event in (None, row["type"])]

    async def scalar(self, statement: str, **values: Any) -> Any:
        """The single value of a statement on the service's database."""
        async with self.running.engine.connect() as connection:
            return (await connection.execute(text(statement), values)).scalar()

    async def receive(
        self, consumes: dict[type[Event], Any], event: Event, *, event_id: UUID | None = None, sequence: int = 1
    ) -> None:
        """Apply one event through its handler in a transaction of its own, without dedupe.

        Raises:
            TooEarly: what the handler raises.
        """
        named = event_id or uuid4()
        envelope = Envelope(
            id=str(named), source=f"/{type(event).service}", type=event.type_name(), subject=str(event.subject),
            time=self.clock.now(), sequence=sequence, aggregate=event.aggregate,
        )  # fmt: skip
        async with self.running.system_unit(f"test:{named}") as unit:
            await consumes[type(event)](unit, event, envelope)


@asynccontextmanager
async def under_test(app: FastAPI, keys: Keys) -> AsyncIterator[ServiceUnderTest]:
    """Start ``app`` (its lifespan included) and give it for testing."""
    service = ServiceUnderTest(app, keys)
    async with app.router.lifespan_context(app), service.client:
        yield service


async def empty_tables(service: ServiceUnderTest) -> None:
    """Delete every row but Alembic's, to start a test from nothing without migrating again."""
    async with service.running.engine.begin() as connection:
        names = await connection.execute(
            text(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            )
        )
        tables = ", ".join(row[0] for row in names)
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
