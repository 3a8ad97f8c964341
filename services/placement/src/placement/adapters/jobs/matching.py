"""The step of a matching job: read, match in a thread, keep; a crash begins it again."""

from __future__ import annotations

import asyncio
from typing import Any

from placement.domain.matching.proposal import propose
from placement.usecases.matching.run_matching import finish_run, prepare_run
from shared.kernel.job import Job


async def matching_step(work: Any, job: Job) -> None:
    """Make the run whose id is the job's subject."""
    prepared = await prepare_run(work, job.subject, str(job.params["session"]))
    proposal = await asyncio.to_thread(propose, prepared.instance)
    run = await finish_run(work, prepared, proposal)
    job.advance(1, total=len(prepared.instance), matched=len(run.proposals), unmatched=len(run.unmatched))
    job.finish(work.actor, work.now)
