"""The duty that runs jobs: one chunk is one transaction, whose row lock is the lease.

A process that is killed lets go of the lock with its connection; the chunk it was at is rolled back and the next
process does it again from the checkpoint. Nothing is remembered outside the database but an open file to go on reading.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import text

from shared.jobs.files import delete_old_files
from shared.kernel.job import RUNNABLE, Job
from shared.kernel.refusals import Malformed, Refusal
from shared.logs import logger
from shared.messaging.duties import Duty
from shared.messaging.failures import is_transient
from shared.work.unit import Circumstances

_log = logger("jobs")
_PAUSE_SECONDS: Final = 0.3
_TURN_SECONDS: Final = 1.0
_SWEEP_SECONDS: Final = 60.0
_ATTEMPTS: Final = 3
_NEXT = text(
    "SELECT id FROM job WHERE state = ANY(:states) AND NOT id = ANY(:resting) ORDER BY asked_at, id LIMIT 1"
).bindparams(states=[str(state) for state in RUNNABLE])


class Step(Protocol):
    """Does the next chunk of one kind of job in the open unit of work and moves its checkpoint."""

    async def __call__(self, work: Any, job: Job) -> None:
        """Do one chunk; a ``Refusal`` fails the job."""
        ...


def job_duties(steps: Mapping[str, Step], *, keep_files: timedelta) -> list[Duty]:
    """The duties of a service with jobs.

    Args:
        steps: kind of job → what does its next chunk.
        keep_files: how long uploads and results are kept after the end of a job.
    """

    async def turn(work: Any) -> int:
        """Do chunks for a second; the duty's lock keeps other processes out meanwhile."""
        done, until = 0, time.monotonic() + _TURN_SECONDS
        resting: list[UUID] = []
        while time.monotonic() < until:
            row = (await work.connection.execute(_NEXT, {"resting": resting})).first()
            if row is None:
                break
            if not await _chunk(work.running, row.id, steps):
                resting.append(row.id)
            done += 1
        return done

    async def sweep(work: Any) -> int:
        return await delete_old_files(work, work.now - keep_files)

    return [Duty("jobs", _PAUSE_SECONDS, turn), Duty("job-files", _SWEEP_SECONDS, sweep)]


async def run_jobs(running: Any, steps: Mapping[str, Step]) -> None:
    """Run every job to its next rest, for tests and tools without a worker."""
    async with running.engine.connect() as connection:
        while (row := (await connection.execute(_NEXT, {"resting": []})).first()) is not None:
            await connection.rollback()
            await _chunk(running, row.id, steps)


async def _chunk(running: Any, job_id: UUID, steps: Mapping[str, Step]) -> bool:
    """One chunk; False when the job should rest until the next turn."""
    async with running.system_unit(f"job:{job_id}:look") as look:
        job = (await look.jobs.list(id=job_id))[0]
    seed = f"job:{job.id}:{job.version}"

    async def act(step: Callable[[Any, Job], Awaitable[None]]) -> None:
        async with running.unit(Circumstances(job.actor, seed=seed)) as work:
            held = await work.jobs.get(job.id)
            if held.version == job.version and held.state in RUNNABLE:
                await step(work, held)

    async def fail(refusal: Refusal) -> None:
        async def step(work: Any, held: Job) -> None:
            held.fail(refusal, work.actor, work.now)

        await act(step)

    async def one(work: Any, held: Job) -> None:
        if held.kind not in steps:
            raise Malformed("unknown-job", "Nothing knows how to do this job.")
        held.begin(work.actor)
        await steps[held.kind](work, held)

    try:
        await act(one)
    except Refusal as refusal:
        await fail(refusal)
    except Exception as error:
        if is_transient(error):
            raise
        _log.exception("chunk failed", job=str(job.id), kind=job.kind, error_type=type(error).__name__)
        if job.attempts + 1 >= _ATTEMPTS:
            await fail(Malformed("job-broke", "The job stopped at an error on our side, which was recorded."))
            return False

        async def count(work: Any, held: Job) -> None:
            del work
            held.attempts += 1

        await act(count)
        return False
    running.wake()
    return True
