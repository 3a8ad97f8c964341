"""A state directory of its own for every test, and an issuer in process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from talent_local.home import Home
from talent_local.issuer.app import create_app
from talent_local.issuer.grants import Grants
from talent_local.issuer.seed import Seed, seed_path
from talent_local.issuer.signing import Signer
from talent_local.running.supervising import stop_supervisor

ISSUER = "http://127.0.0.1:8090"
CLIENT_SECRET = "a secret of the tests"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty state directory; its supervisor is stopped at the end."""
    made = Home(tmp_path / "home").create()
    yield made
    stop_supervisor(made)


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    """The issuer's key."""
    return Signer(tmp_path / "issuer.jwk.json", ISSUER, "talent-gateway")


@pytest.fixture
async def issuer(signer: Signer) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an issuer with the seeded users."""
    app = create_app(signer, Grants(Seed.read(seed_path()), {"agency-personnel": CLIENT_SECRET}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER) as client:
        yield client
