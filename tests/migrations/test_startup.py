"""The probe of start-up looks at the schema, and lets go once it was right."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.embedded_postgres import EmbeddedPostgres
from shared.http.health import health_routes
from shared.work.database import open_engine
from shared.work.migrations import migrate
from shared.work.schema import schema_of

HEAD = schema_of("gateway").head


@pytest.fixture
async def engine(postgres: EmbeddedPostgres) -> AsyncIterator[AsyncEngine]:
    """Of an empty database."""
    postgres.drop_database("starting")
    postgres.create_database("starting", owner="gateway")
    engine = open_engine(postgres.uri("starting", user="gateway", driver="asyncpg"), pool=2, application="gateway")
    yield engine
    await engine.dispose()


def process(engine: AsyncEngine) -> httpx.AsyncClient:
    """Speaks to a process that starts now."""
    running: Any = SimpleNamespace(engine=engine, service=SimpleNamespace(name="gateway"))
    app = FastAPI()
    app.include_router(health_routes(running))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")


async def asked(engine: AsyncEngine) -> tuple[int, str]:
    """What it answers."""
    async with process(engine) as client:
        answer = await client.get("/health/startup")
    return answer.status_code, answer.text


async def moved(engine: AsyncEngine, revision: str) -> None:
    """Say that the database is at another revision."""
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})


async def test_start_up_waits_for_this_schema_or_a_newer_one(engine: AsyncEngine, postgres: EmbeddedPostgres) -> None:
    """Nothing there, an older release's, this one's, and one that only a newer release knows."""
    assert await asked(engine) == (503, f"the database is at schema none, {HEAD} is needed")
    migrate("gateway", postgres.uri("starting", user="gateway", driver="psycopg"))
    assert await asked(engine) == (200, "started")
    await moved(engine, "0001")
    assert await asked(engine) == (503, f"the database is at schema 0001, {HEAD} is needed")
    await moved(engine, "9999")
    assert await asked(engine) == (200, "started")


async def test_what_has_started_has_started(engine: AsyncEngine, postgres: EmbeddedPostgres) -> None:
    """Afterwards nobody looks again: the database is readiness' matter."""
    migrate("gateway", postgres.uri("starting", user="gateway", driver="psycopg"))
    async with process(engine) as client:
        assert (await client.get("/health/startup")).status_code == 200
        await moved(engine, "0001")
        assert (await client.get("/health/startup")).status_code == 200


async def test_without_a_database_start_up_waits() -> None:
    engine = open_engine("postgresql+asyncpg://nobody@127.0.0.1:1/absent", pool=1, application="gateway")

    assert await asked(engine) == (503, "no database")
    await engine.dispose()
