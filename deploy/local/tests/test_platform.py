"""The whole platform as processes: it starts, serves, survives the death of each of them, and stops without remains."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from talent_local import client
from talent_local.commands.programme import documents
from talent_local.home import Home, checkout
from talent_local.running import platform
from talent_local.running.plan import Plan
from talent_local.running.readiness import await_ready
from talent_local.running.servers import SERVICES
from talent_local.running.supervising import supervisor

pytestmark = pytest.mark.journey
PATIENCE_SECONDS = 60


@contextmanager
def a_platform() -> Iterator[Home]:
    """A platform of its own, on whatever ports are free.

    Not below pytest's folders: pytest closes them to everybody else, and PostgreSQL may run as another account.
    """
    with tempfile.TemporaryDirectory(prefix="talent-platform-", ignore_cleanup_errors=True) as folder:
        home = Home(Path(folder) / "home")
        try:
            platform.start(home, say=lambda _: None)
            yield home
        finally:
            platform.stop(home, say=lambda _: None)


@pytest.fixture(scope="module")
def up() -> Iterator[Home]:
    """The platform under test."""
    with a_platform() as home:
        yield home


def whole(home: Home) -> bool:
    """True once every unit runs and every program is ready."""
    plan = Plan.read(home)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(unit.pid is None for unit in plan.units(home).values()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not await_ready(plan.programs, PATIENCE_SECONDS)


def serves(home: Home) -> bool:
    """True once a question through the gateway is answered by every service."""
    bearer = client.token(home, username="operator")
    deadline = time.monotonic() + PATIENCE_SECONDS
    missing = set(SERVICES)
    while missing and time.monotonic() < deadline:
        missing = {
            name for name in missing if client.call(home, "GET", f"/v1/{name}/policies/schema", bearer).status != 200
        }
        time.sleep(0.2 if missing else 0)
    return not missing


def test_it_serves_through_the_gateway(up: Home) -> None:
    """A token of the issuer opens the gateway, and the gateway every service."""
    assert serves(up)


def test_without_a_token_nothing_is_served(up: Home) -> None:
    """The door is closed to those it does not know, and to forged tokens."""
    for bearer in ("", "forged"):
        assert client.call(up, "GET", "/v1/selection/policies/schema", bearer).status == 401


def test_the_programme_is_applied_and_applied_again(up: Home) -> None:
    """Policies go through the public interface; saying it again changes nothing."""
    bearer = client.token(up, username="operator")
    for _ in range(2):
        for path, content in documents(checkout() / "programmes" / "tibet-special-training"):
            assert client.call(up, "PUT", path, bearer, content).status in {200, 201}, path


@pytest.mark.chaos
def test_every_process_can_be_killed(up: Home) -> None:
    """Killed one after the other with -9, PostgreSQL and the supervisor too, all of them serve again."""
    for unit in Plan.read(up).units(up).values():
        before = unit.pid
        unit.kill()
        assert whole(up)
        assert unit.pid != before
    running = supervisor(up)
    assert running is not None
    running.kill()
    platform.start(up, say=lambda _: None)

    assert serves(up)


def test_starting_what_runs_changes_nothing(up: Home) -> None:
    """The same processes, at once."""
    before = {name: unit.pid for name, unit in Plan.read(up).units(up).items()}

    platform.start(up, say=lambda _: None)

    assert {name: unit.pid for name, unit in Plan.read(up).units(up).items()} == before


def test_stopping_leaves_no_process(up: Home) -> None:
    """Whatever was started is gone, and it can be started again with what it knew."""
    platform.stop(up, say=lambda _: None)

    remains = [one for one in psutil.process_iter(["cmdline"]) if str(up.root) in " ".join(one.info["cmdline"] or [])]
    platform.start(up, say=lambda _: None)
    bearer = client.token(up, username="operator")
    policy = client.call(up, "GET", "/v1/selection/policies/tibet-special-training/batch-4", bearer)

    assert remains == []
    assert policy.status == 200
