"""A platform whose programs are replaced one by one while it serves, as a rolling update does it.

Every program stands behind a switch at the address that the others know. Its successor is started beside it, is ready,
takes over new connections; then the predecessor is told to end and finishes what it has in hand. Both do background work
for a while: relays by lease, consumers as members of one group.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from talent_local.drills.switch import Switch
from talent_local.home import Home
from talent_local.issuer.seed import client_secret_names
from talent_local.running.keys import Keys, ensure_keys
from talent_local.running.migrating import migrate
from talent_local.running.plan import KEY_OWNERS, SECRETS, Plan, embedded_log, make_plan
from talent_local.running.ports import HOST, choose
from talent_local.running.readiness import await_ready
from talent_local.running.servers import SERVICES, postgres, prepare_databases
from talent_local.running.units import Program, Recipe
from talent_local.trouble import Trouble

READY_SECONDS: Final = 120.0
LINGER_SECONDS: Final = 1.0
"""Between the last connection that is led to a program and its end: what preStop is to a pod."""
REPLACED: Final = (*SERVICES, "gateway")


@dataclass(slots=True)
class Fleet:
    """The programs that run, by name, and what leads to them.

    Attributes:
        home: its state directory.
        keys: what the programs were given.
        source: ``PYTHONPATH`` of the release that runs; empty for what is installed.
        settings: by program, settings that differ from the plan's.
        rolled: how often a program was replaced.
    """

    home: Home
    keys: Keys
    plan: Plan
    event_log: str
    source: str = ""
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    rolled: int = 0
    _switches: dict[str, Switch] = field(default_factory=dict)
    _running: dict[str, Program] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def migrate(self) -> None:
        """Bring every database to the schema of the release in force, while others run."""
        programs = [self._of_release(recipe) for recipe in self.plan.programs]
        await asyncio.to_thread(migrate, self.home, replace(self.plan, programs=programs), self.event_log, _quiet)

    async def roll(self, name: str) -> None:
        """Replace one program by one of the release and settings in force.

        Raises:
            Trouble: the successor did not become ready; the predecessor serves on.
        """
        number = next(self._numbers)
        recipe = self._recipe(name, number)
        program = Program(self.home, recipe)
        try:
            await asyncio.to_thread(program.start)
            ready = partial(await_ready, [recipe], READY_SECONDS, hopeless=lambda _: program.pid is None)
            late = await asyncio.to_thread(ready)
        except asyncio.CancelledError:  # the drill breaks off: nothing of it may run on
            program.stop()
            raise
        if late:
            log = self.home.log(recipe.name).read_text(errors="replace")
            await asyncio.to_thread(program.stop)
            raise Trouble(f"{recipe.name} ended or is not ready after {READY_SECONDS:.0f} s.", log[-2000:])
        predecessor = self._running.get(name)
        self._running[name] = program
        if name in self._switches:
            assert recipe.port is not None
            self._switches[name].target = recipe.port
        if predecessor is not None:
            await asyncio.sleep(LINGER_SECONDS)
            await asyncio.to_thread(predecessor.stop)
            self.rolled += 1

    async def roll_all(self) -> None:
        """Replace the services, then the gateway."""
        for name in REPLACED:
            await self.roll(name)

    async def open(self) -> None:
        """Listen at the addresses of the plan and start every program."""
        for name in REPLACED:
            recipe = self.plan.recipe(name)
            assert recipe is not None
            assert recipe.port is not None
            self._switches[name] = Switch(recipe.port)
            await self._switches[name].open()
        await asyncio.gather(*(self.roll(recipe.name) for recipe in self.plan.programs))

    async def close(self) -> None:
        """Stop the programs, gateway first, and give the addresses free."""
        for name in ("gateway", *SERVICES, *self._running):
            program = self._running.pop(name, None)
            if program is not None:
                await asyncio.to_thread(program.stop)
        for switch in self._switches.values():
            await switch.close()

    def _recipe(self, name: str, number: int) -> Recipe:
        planned = self.plan.recipe(name)
        assert planned is not None
        if name not in REPLACED:
            return planned
        recipe = self._of_release(planned)
        port = _free_port()
        own = {f"{name.upper()}_PORT": str(port), "WORKER_MEMBER": f"drill-{number}"}
        environment = recipe.environment | self.settings.get(name, {}) | own
        return replace(recipe, name=f"{name}-{number}", environment=environment, port=port)

    def _of_release(self, recipe: Recipe) -> Recipe:
        return replace(recipe, environment=recipe.environment | ({"PYTHONPATH": self.source} if self.source else {}))


@asynccontextmanager
async def a_fleet(home: Home, source: str = "") -> AsyncIterator[Fleet]:
    """A fleet in an empty state directory, on the embedded log; stopped at the end, its databases run on.

    Args:
        home: where; ``platform.wipe`` removes it.
        source: release to begin with.
    """
    fleet = await asyncio.to_thread(prepared, home, source)
    await fleet.migrate()
    try:
        await fleet.open()
        yield fleet
    finally:
        await fleet.close()


def prepared(home: Home, source: str = "") -> Fleet:
    """PostgreSQL with empty databases, keys and a plan on the embedded log; no program runs yet."""
    home.create()
    postgres(home).start()
    prepare_databases(home)
    keys = ensure_keys(home, KEY_OWNERS, (*SECRETS, *client_secret_names()))
    log = embedded_log(home)
    plan = make_plan(home, ports=choose(home), keys=keys, event_log=log, own_broker=False)
    plan.write(home)
    home.write("log", {"kind": "embedded"})
    return Fleet(home, keys, plan, log, source)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _quiet(_: str) -> None:
    """Say nothing."""
