"""The door on a real socket, with real PostgreSQL behind it and stand-ins for the services."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import text

from gateway.adapters.door import Door
from gateway.adapters.serving import configured
from gateway.api import create_app
from gateway.settings import GatewaySettings
from gateway.testing.stage import Stage
from gateway.testing.upstream import AUDIENCE, behind_the_door, free_port, serving
from shared.identity.seals import make_development_seal
from shared.testing.actors import Keys
from shared.work.database import open_engine


@pytest.fixture(scope="session")
def database(migrated: Callable[[str], str]) -> str:
    """URL of the migrated database of the gateway."""
    return migrated("gateway")


@dataclass(frozen=True)
class Seal:
    """Paths of a seal: key, its own certificate, root."""

    key: Path
    own: Path
    root: Path


def a_seal(folder: Path) -> Seal:
    """A seal with an authority of its own."""
    seal, chain = Seal(folder / "key.pem", folder / "own.pem", folder / "root.pem"), folder / "chain.pem"
    make_development_seal(seal.key, chain, seal.root, organisation="Tests")
    end = "-----END CERTIFICATE-----\n"
    seal.own.write_text(chain.read_text().partition(end)[0] + end)
    return seal


@pytest.fixture(scope="session")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    """The seal that the door trusts."""
    return a_seal(tmp_path_factory.mktemp("seal"))


@pytest.fixture(scope="session")
def foreign_seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    """A seal just like it by another authority."""
    return a_seal(tmp_path_factory.mktemp("foreign"))


@pytest.fixture(scope="session")
def running(database: str, keys: Keys, seal: Seal) -> Iterator[tuple[Door, FastAPI, int, str]]:
    """The door and what is behind it, on sockets."""
    port, behind = free_port(), free_port()
    issuer = f"http://127.0.0.1:{behind}"
    upstream = behind_the_door(issuer)
    settings = GatewaySettings(
        database_url=database, event_log_url="embedded+postgresql://unused", internal_keys=keys.public,
        signing_key=keys.private["gateway"], cursor_secret="a secret of the tests", oidc_issuer=issuer,
        oidc_audience=AUDIENCE, funding_url=f"http://127.0.0.1:{free_port()}", heartbeat_seconds=0.3,
        verifications_per_minute=60, webhook_loopback=True, verifications_per_number=200, seal_root=seal.root,
        selection_url=issuer, placement_url=issuer, assessment_url=issuer,
    )  # fmt: skip
    door = create_app(settings)
    config = uvicorn.Config(upstream, host="127.0.0.1", port=behind, log_config=None, access_log=False, http="h11")
    with serving(config), serving(configured(door, "127.0.0.1", port)):
        yield door, upstream, port, issuer


@pytest.fixture
async def stage(running: tuple[Door, FastAPI, int, str], database: str) -> AsyncIterator[Stage]:
    """The stage with empty read models."""
    door, upstream, port, issuer = running
    engine = open_engine(database, pool=5)
    async with engine.begin() as connection:
        await connection.execute(text("TRUNCATE feed, journey, roster, webhook_delivery, webhook_progress, webhook"))
        await connection.execute(text("UPDATE feed_head SET position = 0, pruned = 0"))
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, timeout=15, trust_env=False) as client:
        yield Stage(url, port, issuer, upstream, door, client, engine)
    await engine.dispose()
