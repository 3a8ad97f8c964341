"""The steps of import jobs: the whole sheet in one transaction, or nothing of it and every wrong cell in the job."""

from __future__ import annotations

from typing import Any

from placement.adapters.http.course_sheets import read_completions
from placement.adapters.http.policy import POLICY
from placement.adapters.sheets.hosts import HOST_COLUMNS, host_entry
from placement.usecases.hosts.register_hosts import register_hosts
from placement.usecases.online.import_completions import import_completions
from shared.jobs.files import Files
from shared.kernel.actor import Facets
from shared.kernel.job import Job
from shared.sheets.located import imported, read_entries

MOST_ROWS = 100_000


async def hosts_step(work: Any, job: Job) -> None:
    """Bring the register up to date (P-04)."""
    read = read_entries(await _upload(work, job), HOST_COLUMNS, host_entry, rule="P-04", most=MOST_ROWS)
    done = await imported(read, lambda entries: register_hosts(work, entries))
    job.advance(done.count, created=done.created, changed=done.changed, unchanged=done.unchanged)
    job.finish(work.actor, work.now)


async def completions_step(work: Any, job: Job) -> None:
    """Record who completed which course (D-07), for people whom the asker stands to as the policy table wants."""
    read = read_completions(await _upload(work, job), MOST_ROWS)

    def authorise(facets: Facets) -> None:
        POLICY.decide("course-completion.import", work.actor, facets)

    done = await imported(read, lambda entries: import_completions(work, entries, authorise=authorise))
    job.advance(len(read.entries), recorded=done.recorded, unchanged=done.unchanged)
    job.finish(work.actor, work.now)


async def _upload(work: Any, job: Job) -> bytes:
    content = await Files(work, job).get("upload")
    assert content is not None
    return content
