"""The chunks of an issuing job: names are asked for first, then a chunk is issued in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from assessment.adapters.db import tables
from assessment.adapters.http.lists import facet_columns
from assessment.adapters.http.policy import POLICY
from assessment.adapters.http.tools import tools_of
from assessment.domain.certifying.certificate import CertificateState, HolderName
from assessment.usecases.certifying.issue_in_bulk import issue_chunk
from shared.http.queries import Scope
from shared.kernel.job import Job

CHUNK: Final = 100
PURPOSE: Final = "certificate-issue"
_AFTER: Final = "after"


@dataclass(frozen=True, slots=True)
class NamedChunk:
    """The next participations in order, and the names that selection knows of them."""

    participations: list[UUID]
    names: dict[UUID, HolderName | None]
    total: int | None


class IssuingStep:
    """Implements ``FetchingStep``: issues the next certificates of a session in participation order."""

    async def fetch(self, running: Any, job: Job) -> NamedChunk:
        """The next chunk after the checkpoint; the first also counts everything.

        Raises:
            Unavailable: ``names-unavailable``; the job rests and asks again.
        """
        table = tables.certificate
        relations = POLICY.relations("certificate.issue", job.actor)
        waiting = [
            Scope(job.actor, relations).where(facet_columns(table, job.actor)),
            table.c.programme == job.params["programme"], table.c.session == job.params["session"],
            table.c.state == CertificateState.REQUESTED.value,
        ]  # fmt: skip
        async with running.engine.connect() as connection:
            total = None
            if job.position == 0:
                total = (await connection.execute(select(func.count()).select_from(table).where(*waiting))).scalar_one()
            if (after := job.params.get(_AFTER)) is not None:
                waiting.append(table.c.participation > UUID(after))
            found = await connection.execute(
                select(table.c.participation).where(*waiting).order_by(table.c.participation).limit(CHUNK)
            )
            chunk = [row.participation for row in found]
        names = await tools_of(running).names.names(chunk, purpose=PURPOSE) if chunk else {}
        return NamedChunk(chunk, names, total)

    async def __call__(self, work: Any, job: Job, fetched: NamedChunk) -> None:
        """Issue the chunk and move the checkpoint behind it; an empty one is the end."""
        if fetched.total is not None:
            job.counts = {"total": fetched.total, "applied": 0, "wrong": 0}
        if not fetched.participations:
            job.finish(work.actor, work.now)
            return
        done = await issue_chunk(
            work, job.params["programme"], job.params["session"], fetched.participations, fetched.names,
            tools_of(work.running).mint,
        )  # fmt: skip
        if done.left:
            rows = [{"job_id": job.id, "participation": one, "code": code} for one, code in done.left]
            await work.connection.execute(upsert(tables.issue_left).on_conflict_do_nothing(), rows)
        job.params = job.params | {_AFTER: str(fetched.participations[-1])}
        job.advance(job.position + len(fetched.participations), applied=len(done.issued), wrong=len(done.left))
