"""Runs of a duty that fail are counted until one does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from prometheus_client import REGISTRY

from shared.kernel.refusals import Conflict
from shared.messaging.duties import DueClock, Duty

LABELS = {"service": "watched", "duty": "wobble"}


@asynccontextmanager
async def _free(_: str) -> AsyncIterator[Any]:
    """A unit of work whose lock is always free."""

    async def execute(*_: Any) -> Any:
        return SimpleNamespace(scalar=lambda: True)

    yield SimpleNamespace(connection=SimpleNamespace(execute=execute))


unit: Any = _free


async def test_failures_in_a_row_are_shown_until_a_run_comes_to_its_end() -> None:
    """An error and a refusal are failures; what was done last is known from the start of the clock."""
    stop, failing, done = asyncio.Event(), list[float | None](), list[float]()

    async def wobble(_: Any) -> int:
        failing.append(REGISTRY.get_sample_value("duty_failures_in_row", LABELS))
        done.append(REGISTRY.get_sample_value("duty_done_timestamp_seconds", LABELS) or 0.0)
        if len(failing) == 1:
            raise KeyError("unforeseen")
        if len(failing) == 2:
            raise Conflict("not-now", "Not now.")
        if len(failing) == 4:
            stop.set()
        return 0

    async with asyncio.timeout(30):
        await DueClock(unit, [Duty("wobble", 0.0, wobble)], "watched").run(stop)

    assert failing == [0, 1, 2, 0]
    assert 0 < done[0] == done[1] == done[2] <= done[3]
