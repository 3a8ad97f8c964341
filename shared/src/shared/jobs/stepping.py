"""The duty that runs jobs: one chunk is one transaction, whose row lock is the lease.

A process that is killed lets go of the lock with its connection; the chunk it was at is rolled back and the next
process does it again from the checkpoint. Nothing is remembered outside the database but an open file to go on reading.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, Final, Protocol, runtime_checkable
from uuid import UUID

from sqlalchemy import text

from shared.http.problems import Unavailable
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


@runtime_checkable
class FetchingStep(Protocol):
    """A step that needs something of another service for its chunk: asked for before the transaction begins."""

    async def fetch(self, running: Any, job: Job) -> Any:
        """What the next chunk needs; ``Unavailable`` lets the job rest and try again at the next turn."""
        ...

    async def __call__(self, work: Any, job: Job, fetched: Any) -> None:
        """Do one chunk with what was fetched; a ``Refusal`` fails the job."""
        ...


Steps = Mapping[str, Step | FetchingStep]


def job_duties(steps: Steps, *, keep_files: timedelta) -> list[Duty]:
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


async def run_jobs(running: Any, steps: Steps) -> None:
    """Run every job to its next rest, for tests and tools without a worker."""
    async with running.engine.connect() as connection:
        while (row := (await connection.execute(_NEXT, {"resting": []})).first()) is not None:
            await connection.rollback()
            await _chunk(running, row.id, steps)


async def _chunk(running: Any, job_id: UUID, steps: Steps) -> bool:
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

    try:
        await act(await _prepared(running, job, steps.get(job.kind)))
    except Unavailable as refusal:
        _log.warning("chunk waits", subject=str(job.id), name=job.kind, code=refusal.code)
        return False
    except Refusal as refusal:
        await fail(refusal)
    except Exception as error:
        if is_transient(error):
            raise
        _log.exception("chunk failed", subject=str(job.id), name=job.kind, error_type=type(error).__name__)
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


async def _prepared(running: Any, job: Job, step: Step | FetchingStep | None) -> Callable[[Any, Job], Awaitable[None]]:
    """The chunk to do inside the transaction, with what it needs of others already fetched."""
    if step is None:
        raise Malformed("unknown-job", "Nothing knows how to do this job.")
    fetched = await step.fetch(running, job) if isinstance(step, FetchingStep) else None

    async def one(work: Any, held: Job) -> None:
        held.begin(work.actor)
        if isinstance(step, FetchingStep):
            await step(work, held, fetched)
        else:
            await step(work, held)

    return one
