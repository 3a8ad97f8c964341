"""The server in a directory comes back from anything but a lost disk."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from shared.embedded_postgres import DISPOSABLE, DURABLE, EmbeddedPostgres, PostgresUnavailable


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """A server of this module's own, to be crashed."""
    with tempfile.TemporaryDirectory(prefix="talent-pg-") as directory:
        found = EmbeddedPostgres(
            Path(directory), settings=DURABLE | {"shared_buffers": "16MB", "max_connections": "20"}
        )
        found.start()
        yield found
        found.stop("immediate")


async def add_row(server: EmbeddedPostgres) -> int:
    """Insert one row as the owner and count them."""
    connection = await asyncpg.connect(server.dsn("crash", user="crash"))
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS t (i int); INSERT INTO t VALUES (1)")
        return int(await connection.fetchval("SELECT count(*) FROM t"))
    finally:
        await connection.close()


async def test_it_survives_being_killed(server: EmbeddedPostgres) -> None:
    """A crash of all processes, a crash of the postmaster alone, a pid file that names a stranger: data stay."""
    server.create_database("crash", owner="crash")
    server.create_database("crash", owner="crash")
    assert await add_row(server) == 1

    server.kill()
    assert not server.is_running()
    server.start()
    assert await add_row(server) == 2

    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    server.start()
    assert await add_row(server) == 3

    server.kill()
    (server.pgdata / "postmaster.pid").write_text(f"{os.getpid()}\n")
    server.start()
    assert await add_row(server) == 4
    assert EmbeddedPostgres(server.directory).pid == server.pid


async def test_durable_means_durable(server: EmbeddedPostgres) -> None:
    """The settings of the deployment keep what was committed; those of the tests do not pretend to."""
    assert server.execute("SHOW fsync").strip() == "on"
    assert server.execute("SHOW synchronous_commit").strip() == "on"
    assert server.execute("SHOW listen_addresses").strip() == ""
    assert DISPOSABLE["fsync"] == "off"


def test_trouble_carries_the_servers_words(server: EmbeddedPostgres) -> None:
    """An operator sees what PostgreSQL said."""
    with pytest.raises(PostgresUnavailable, match="syntax error"):
        server.execute("SELEKT 1")
