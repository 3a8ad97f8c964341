"""The road itself: what a step may use, and how steps are walked one after the other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from talent_local.cohort.cohort import Cohort
from talent_local.cohort.people.applicants import Applicant
from talent_local.cohort.road.door import Door
from talent_local.cohort.road.progress import Progress
from talent_local.cohort.road.site import Site
from talent_local.trouble import Trouble

T = TypeVar("T")
Say = Callable[[str], None]
WAIT_SECONDS: Final = 90.0
FIRST_SECONDS: Final = 0.1
LONGEST_SECONDS: Final = 1.0


@dataclass(slots=True)
class Road:
    """What a step has at hand.

    Attributes:
        site: where the platform stands.
        door: the client.
        cohort: who walks.
        progress: what is known.
        say: hears a line per step.
        wait: seconds after which waiting for the platform is given up.
    """

    site: Site
    door: Door
    cohort: Cohort
    progress: Progress
    say: Say
    wait: float = WAIT_SECONDS

    @property
    def known(self) -> dict[str, Any]:
        """What the steps noted."""
        return self.progress.known

    @property
    def today(self) -> str:
        """The day of the business calendar."""
        return str(self.known["today"])

    def participation(self, applicant: Applicant) -> str:
        """The participation id of an applicant."""
        return str(self.known["participations"][applicant.number - 1])

    def applicant(self, participation: str) -> Applicant:
        """The applicant of a participation."""
        participations: list[str] = self.known["participations"]
        return self.cohort.applicants[participations.index(participation)]

    async def until(self, what: str, met: Callable[[], Awaitable[object]]) -> None:
        """Wait until ``met`` answers truly.

        Raises:
            Trouble: when it never does.
        """
        deadline = time.monotonic() + self.wait
        pause = FIRST_SECONDS
        while not await met():
            if time.monotonic() > deadline:
                raise Trouble(
                    f"Waited {self.wait:.0f} s in vain until {what}.", "`talent status` and `talent logs` may say why."
                )
            await asyncio.sleep(pause)
            pause = min(LONGEST_SECONDS, pause * 1.6)


Walk = Callable[[Road], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        name: part of every idempotency key of the step; never changes.
        title: for the terminal.
        walk: does it and says how many things were done; may be repeated.
        at: day or moment of the business calendar on which it begins; None stays where the clock stands.
    """

    name: str
    title: str
    walk: Walk
    at: str | None = None


async def walk(road: Road, steps: Iterable[Step]) -> None:
    """Walk what is not done yet. The clock moves only between steps, when the platform is quiet.

    Raises:
        Trouble: where the road ends; saying the same again goes on from there.
    """
    for step in steps:
        if step.name in road.progress.done:
            continue
        if step.at is not None:
            await road.until("everybody has dealt with everything", partial(asyncio.to_thread, road.site.is_quiet))
            road.site.set_clock(step.at)
            road.known["today"] = step.at[:10]
        began = time.monotonic()
        answered = road.door.tally.answered
        count = await step.walk(road)
        seconds = time.monotonic() - began
        road.progress.done[step.name] = round(seconds, 2)
        road.progress.requests += road.door.tally.answered - answered
        road.progress.write(road.site.home)
        day = f"{step.at:.10}" if step.at else ""
        road.say(f"  {day:<10}  {step.title:<58}{count:>6}  {seconds:6.1f} s")


async def together(things: Sequence[Awaitable[T]]) -> list[T]:
    """Do many things at once; the first refusal ends it, after what is on its way was answered."""
    results = await asyncio.gather(*things, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]
