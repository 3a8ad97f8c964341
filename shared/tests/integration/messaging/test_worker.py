"""The worker as a whole: from a commit in one service to the effect in another; duties; retention."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import uuid4

from shared.contracts.selection import StoryClosed
from shared.messaging.duties import RETENTION, DueClock, Duty
from shared.messaging.worker import Worker, Workload

from .conftest import Notebook


async def test_from_commit_to_effect(notebook: Notebook) -> None:
    """A committed event reaches the other service's handler soon; stopping drains and gives the lease back."""
    workload = Workload({StoryClosed: notebook.handle})
    worker = Worker("selection", notebook.engine, notebook.unit, notebook.log, workload, member="m")
    worker.start()
    await asyncio.sleep(1.0)
    delays = []
    for nth in range(1, 21):
        began = time.monotonic()
        async with notebook.unit(str(uuid4())) as work:
            work.announce(StoryClosed(participation=uuid4(), outcome="certified"))
        worker.relay.wake()
        while len(await notebook.noted()) < nth:
            assert time.monotonic() - began < 10, "no effect"
            await asyncio.sleep(0.005)
        delays.append(time.monotonic() - began)
    assert set(worker.ages()) == {"relay", "consumer", "duties", "gauges"}
    assert max(worker.ages().values()) < 5

    await worker.stop()

    assert sorted(delays)[10] < 1.0, f"commit to effect, median {sorted(delays)[10] * 1000:.0f} ms"
    assert [row.free for row in await notebook.rows("SELECT expires < now() AS free FROM relay_lease")] == [True]


async def test_a_duty_is_done_by_one_at_a_time_and_survives_failure(notebook: Notebook) -> None:
    """Two clocks, one duty: never twice at once; a failing run does not end the clock."""
    running = most = runs = 0

    async def work_hard(work: Any) -> int:
        nonlocal running, most, runs
        running, runs = running + 1, runs + 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1
        if runs == 2:
            raise KeyError("unforeseen")
        return 1

    stop = asyncio.Event()
    clocks = [DueClock(notebook.unit, [Duty("hard", 0.01, work_hard)]) for _ in range(2)]
    tasks = [asyncio.create_task(clock.run(stop)) for clock in clocks]

    async def enough() -> bool:
        return runs >= 6

    await notebook.until(enough)
    stop.set()
    await asyncio.gather(*tasks)

    assert most == 1


async def test_old_published_events_move_to_the_archive(notebook: Notebook) -> None:
    """Thirty days after publishing; what is unpublished stays whatever its age."""
    for _ in range(3):
        async with notebook.unit(str(uuid4())) as work:
            work.announce(StoryClosed(participation=uuid4(), outcome="certified"))
    await notebook.rows("UPDATE outbox SET published_at = now() - interval '31 days' WHERE id = 1")
    await notebook.rows("UPDATE outbox SET published_at = now() - interval '29 days' WHERE id = 2")

    assert await DueClock(notebook.unit, []).once(RETENTION) == 1

    assert [row.id for row in await notebook.rows("SELECT id FROM outbox ORDER BY id")] == [2, 3]
    assert [row.id for row in await notebook.rows("SELECT id FROM event_archive")] == [1]
