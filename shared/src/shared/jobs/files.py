"""The files of a job: sealed under the job's own key, in pieces, gone when the key is destroyed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.kernel.job import Job
from shared.kernel.refusals import Conflict

PIECE = 1 << 20
_PUT = text("INSERT INTO job_file (job_id, part, n, content) VALUES (:job_id, :part, :n, :content)")
_ONE = text("SELECT content FROM job_file WHERE job_id = :job_id AND part = :part AND n = :n")
_ALL = text("SELECT n, content FROM job_file WHERE job_id = :job_id AND part = :part ORDER BY n")
_DROP_PART = text("DELETE FROM job_file WHERE job_id = :job_id AND part = :part")
_OLD = text(
    "WITH old AS (SELECT id FROM job WHERE wrapped_key IS NOT NULL "
    "AND coalesce(finished_at, asked_at) < :before ORDER BY asked_at "
    "LIMIT 20 FOR UPDATE SKIP LOCKED), gone AS (DELETE FROM job_file WHERE job_id IN (SELECT id FROM old)) "
    "UPDATE job SET wrapped_key = NULL, version = version + 1, updated_at = now() WHERE id IN (SELECT id FROM old)"
)


class Files:
    """The files of one job on an open connection.

    Args:
        work: a unit of work with ``connection`` and ``vault``.
        job: whose files they are.
    """

    def __init__(self, work: Any, job: Job) -> None:
        self._work, self._job = work, job

    async def put(self, part: str, content: bytes) -> None:
        """Keep a whole file under a name, in place of an earlier one."""
        await self._work.connection.execute(_DROP_PART, {"job_id": self._job.id, "part": part})
        pieces = [content[at : at + PIECE] for at in range(0, len(content), PIECE)] or [b""]
        await self.put_pieces(part, pieces)

    async def put_pieces(self, part: str, pieces: Sequence[bytes], first: int = 0) -> None:
        """Keep pieces of a file, from number ``first`` on."""
        rows = [
            {"job_id": self._job.id, "part": part, "n": n, "content": self._seal(part, n, piece)}
            for n, piece in enumerate(pieces, start=first)
        ]
        await self._work.connection.execute(_PUT, rows)

    async def get(self, part: str) -> bytes | None:
        """A whole file, or None when there is none. Raises ``Conflict`` ``file-deleted`` after its time."""
        rows = (await self._work.connection.execute(_ALL, {"job_id": self._job.id, "part": part})).all()
        return b"".join(self._open(part, row.n, row.content) for row in rows) if rows else self._none()

    async def piece(self, part: str, n: int) -> bytes | None:
        """One piece, or None when there is none."""
        row = (await self._work.connection.execute(_ONE, {"job_id": self._job.id, "part": part, "n": n})).first()
        return None if row is None else self._open(part, n, row.content)

    async def drop(self, part: str) -> None:
        """Delete a file."""
        await self._work.connection.execute(_DROP_PART, {"job_id": self._job.id, "part": part})

    def _none(self) -> bytes | None:
        self._key()
        return None

    def _key(self) -> bytes:
        if self._job.wrapped_key is None:
            raise Conflict("file-deleted", "The files of this job were deleted after their time.")
        return self._job.wrapped_key

    def _seal(self, part: str, n: int, piece: bytes) -> bytes:
        sealed: bytes = self._work.vault.seal_bytes(self._key(), str(self._job.id), f"job_file|{part}|{n}", piece)
        return sealed

    def _open(self, part: str, n: int, sealed: bytes) -> bytes:
        place = f"job_file|{part}|{n}"
        opened: bytes = self._work.vault.open_bytes(self._key(), str(self._job.id), place, bytes(sealed))
        return opened


async def delete_old_files(work: Any, before: Any) -> int:
    """Delete files and destroy keys of jobs that ended before a moment; how many jobs."""
    done: int = (await work.connection.execute(_OLD, {"before": before})).rowcount
    return done


async def job_of(work: Any, job_id: UUID) -> Job:
    """The job that a request names, locked, once the caller may act on it. Raises ``NotFound``."""
    job: Job = await work.jobs.get(job_id)
    work.authorise(job.facets)
    found: Job = await work.jobs.get(job_id, target=True)
    return found
