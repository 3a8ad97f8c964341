"""`talent demo`: bring the platform up, carry a cohort from call to certificate, say where to look."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from talent_local.client import origin
from talent_local.cohort import calendar
from talent_local.cohort.cohort import FULL, Cohort, Size, draw_cohort
from talent_local.cohort.road.door import PATIENCE_SECONDS, Door, Tally
from talent_local.cohort.road.progress import Progress, forget
from talent_local.cohort.road.road import Road, Step, walk
from talent_local.cohort.road.site import Site
from talent_local.cohort.steps import applying, finishing, matching, preparing, rostering, setting_up, training
from talent_local.cohort.summary import addresses, figures, told
from talent_local.home import Home
from talent_local.running import platform

SEED: Final = "tibet-2024"
STEPS: Final[tuple[Step, ...]] = (
    *setting_up.STEPS,
    *applying.STEPS,
    *rostering.STEPS,
    *matching.STEPS,
    *preparing.STEPS,
    *training.STEPS,
    *finishing.STEPS,
)
"""The whole road."""

Say = Callable[[str], None]


def run_demo(*, reset: bool) -> int:
    """Carry the full cohort, or go on where it was, and leave the platform running.

    Args:
        reset: True forgets what is stored and starts afresh.

    Returns:
        0; what goes wrong is raised as ``Trouble``.
    """
    home = Home.find()
    if reset:
        platform.wipe(home, say=_quiet)
        forget(home)
    began = time.monotonic()
    platform.start(home, say=_quiet)
    print(f"The platform is up after {time.monotonic() - began:.0f} s.\n", flush=True)
    asyncio.run(_demo(Site.here(home), FULL, began))
    print("\nThe platform runs on: `make status` shows it, `make down` stops it.")
    return 0


def run_against(site: Site, size: Size) -> int:
    """Carry a cohort through a platform that was not started by `talent up`, or go on where it was.

    Returns:
        0; what goes wrong is raised as ``Trouble``.
    """
    asyncio.run(_demo(site, size, time.monotonic()))
    return 0


async def carry(
    home: Home,
    size: Size,
    *,
    seed: str = SEED,
    say: Say = print,
    patience: float = PATIENCE_SECONDS,
    tally: Tally | None = None,
    stated: bool = True,
) -> Road:
    """Walk a cohort of ``size`` down the road of a running platform, or what is left of it.

    Args:
        home: state directory of the platform.
        size: of the cohort.
        seed: of the cohort.
        say: hears a line per step.
        patience: seconds for which a request is repeated while the platform does not answer.
        tally: counts what is done meanwhile.
        stated: False loads no stated numbers: an earlier release does not know them.

    Raises:
        Trouble: where the road ends; saying the same again goes on from there.
    """
    site = Site.here(home)
    async with door_of(home, patience) as door:
        door.tally = tally or door.tally
        road = await _road(site, door, size, seed, say, stated=stated)
        road.wait = max(road.wait, patience)
        await walk(road, STEPS)
        return road


async def look(home: Home, size: Size, *, seed: str = SEED) -> dict[str, Any]:
    """The figures of a cohort that was carried."""
    async with door_of(home) as door:
        return await figures(await _road(Site.here(home), door, size, seed, _quiet))


async def walked(home: Home, size: Size, *, seed: str = SEED) -> Cohort:
    """The cohort that was carried, before anything happened to it."""
    async with door_of(home) as door:
        return (await _road(Site.here(home), door, size, seed, _quiet)).cohort


async def _demo(site: Site, size: Size, began: float) -> None:
    fresh = site.home.read("cohort") is None
    async with Door(site.gateway, site.issuer) as door:
        road = await _road(site, door, size, SEED, _aloud)
        await walk(road, STEPS)
        seconds = time.monotonic() - began if fresh else sum(road.progress.done.values())
        print()
        print("\n".join([*told(await figures(road), seconds, road.progress.requests), "", *await addresses(road)]))


async def _road(site: Site, door: Door, size: Size, seed: str, say: Say, *, stated: bool = True) -> Road:
    progress = Progress.read(site.home, seed, size.applicants)
    if not progress.done:
        site.set_clock(calendar.SET_UP)
    policy = await setting_up.apply_programme(door, size, stated=stated)
    progress.known.setdefault("today", calendar.SET_UP)
    return Road(site, door, draw_cohort(seed, size, policy), progress, say)


def door_of(home: Home, patience: float = PATIENCE_SECONDS) -> Door:
    """The client of a running platform, to be opened with ``async with``."""
    return Door(origin(home, "gateway"), origin(home, "issuer"), patience)


def _aloud(line: str) -> None:
    print(line, flush=True)


def _quiet(_: str) -> None:
    """Say nothing."""
