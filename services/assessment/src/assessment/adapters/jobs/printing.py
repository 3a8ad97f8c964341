"""The chunks of a printing job: papers are set and sealed first, then a part of the session is kept in one transaction.

A part is a ZIP of at most ``CHUNK`` papers, sealed under the job's own key and deleted with it. Whatever dies in between, a
part is kept together with its checkpoint and its hand-outs, or not at all: each paper is in one part.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from assessment.adapters.db import tables
from assessment.adapters.db.unit_of_work import CERTIFICATES, POLICIES
from assessment.adapters.http.lists import facet_columns
from assessment.adapters.http.policy import POLICY
from assessment.adapters.http.tools import CertificateTools, tools_of
from assessment.adapters.papers.sheet import Sheet
from assessment.adapters.papers.wording import sheet_for
from assessment.domain.certifying.certificate import Certificate, CertificateState
from shared.http.queries import Scope
from shared.jobs.files import Files
from shared.kernel.job import Job
from shared.kernel.refusals import Refusal

CHUNK: Final = 100
_AFTER: Final = "after"
_DAY_ONE: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class PrintedChunk:
    """The next certificates in the order of their numbers, with their papers, and those that cannot be printed."""

    total: int | None
    last: str | None = None
    papers: list[tuple[Certificate, bytes]] = field(default_factory=list)
    left: list[tuple[UUID, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many certificates were looked at."""
        return len(self.papers) + len(self.left)


class PrintingStep:
    """Implements ``FetchingStep``: prints the next papers of a session.

    Args:
        most: papers of a part.
    """

    def __init__(self, most: int = CHUNK) -> None:
        self._most = most

    async def fetch(self, running: Any, job: Job) -> PrintedChunk:
        """Set and seal the papers after the checkpoint, on every press; the first chunk also counts everything.

        Raises:
            Unavailable: ``no-seal``, ``papers-unavailable``; the job rests and tries again.
        """
        table, tools = tables.certificate, tools_of(running)
        scope = Scope(job.actor, POLICY.relations("printing.start", job.actor))
        wanted = [
            scope.where(facet_columns(table, job.actor)), table.c.programme == job.params["programme"],
            table.c.session == job.params["session"], table.c.state == CertificateState.ISSUED.value,
        ]  # fmt: skip
        async with running.engine.connect() as connection:
            chunk = PrintedChunk(None)
            if job.position == 0:
                counted = select(func.count()).select_from(table).where(*wanted)
                chunk.total = (await connection.execute(counted)).scalar_one()
            elif (after := job.params.get(_AFTER)) is not None:
                wanted.append(table.c.number > after)
            rows = await connection.execute(
                select(*CERTIFICATES.columns).where(*wanted).order_by(table.c.number).limit(self._most)
            )
            found = [CERTIFICATES.thing(row) for row in rows]
            versions = {one.scheme_version for one in found}
            policies = await connection.execute(
                select(*POLICIES.columns).where(
                    tables.policy.c.programme == job.params["programme"], tables.policy.c.policy_version.in_(versions)
                )
            )
            by_version = {policy.policy_version: policy for policy in map(POLICIES.thing, policies)}
        sheets: list[tuple[Certificate, Sheet]] = []
        for one in found:
            chunk.last = one.number
            try:
                sheets.append((one, sheet_for(one, by_version[one.scheme_version], tools.mint, tools.public_url)))
            except Refusal as refusal:
                chunk.left.append((one.participation, refusal.code))
        papers = await _printed(tools, [sheet for _, sheet in sheets])
        chunk.papers = [(one, paper) for (one, _), paper in zip(sheets, papers, strict=True)]
        return chunk

    async def __call__(self, work: Any, job: Job, fetched: PrintedChunk) -> None:
        """Keep the part and move the checkpoint behind it; what lost its standing meanwhile is left out."""
        if fetched.total is not None:
            await work.connection.execute(delete(tables.job_file).where(tables.job_file.c.job_id == job.id))
            job.counts = {"total": fetched.total, "applied": 0, "wrong": 0, "parts": 0}
        if not fetched.count:
            job.finish(work.actor, work.now)
            return
        standing = {one.id: one for one in await work.certificates.get_many([one.id for one, _ in fetched.papers])}
        kept = [(one, paper) for one, paper in fetched.papers if standing[one.id].version == one.version]
        left = fetched.left + [
            (one.participation, "changed-meanwhile")
            for one, _ in fetched.papers
            if standing[one.id].version != one.version
        ]
        if left:
            rows = [{"job_id": job.id, "participation": one, "code": code} for one, code in left]
            await work.connection.execute(upsert(tables.issue_left).on_conflict_do_nothing(), rows)
        parts = job.counts["parts"]
        if kept:
            parts += 1
            files = Files(SimpleNamespace(connection=work.connection, vault=tools_of(work.running).vault), job)
            await files.put(part_name(parts), _zipped(kept))
            for one, _ in kept:
                work.note("certificate.hand-out", "certificate", str(one.id), what="paper")
        job.params = job.params | {_AFTER: fetched.last}
        job.advance(job.position + fetched.count, applied=len(kept), wrong=len(left), parts=parts - job.counts["parts"])


async def _printed(tools: CertificateTools, sheets: list[Sheet]) -> list[bytes]:
    """The papers in order; the sheets are dealt out to the presses."""
    count = len(tools.presses)
    dealt = [sheets[place::count] for place in range(count)]
    done = await asyncio.gather(*(press.print(own) for press, own in zip(tools.presses, dealt, strict=True) if own))
    papers = [b""] * len(sheets)
    for place, own in enumerate(done):
        papers[place::count] = own
    return papers


def part_name(number: int) -> str:
    """The name under which a part is kept, from 1 on."""
    return f"part-{number}"


def _zipped(papers: list[tuple[Certificate, bytes]]) -> bytes:
    """A ZIP with one file per number; stored, because PDF is compressed already."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for certificate, paper in papers:
            archive.writestr(zipfile.ZipInfo(f"{certificate.number}.pdf", _DAY_ONE), paper)
    return made.getvalue()
