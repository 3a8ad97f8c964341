"""Queue the import of a sheet (P-04, D-07)."""

from __future__ import annotations

from typing import Final, Protocol

from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets
from shared.kernel.job import Job, new_job
from shared.kernel.refusals import Conflict

HOSTS: Final = "hosts-import"
COMPLETIONS: Final = "completions-import"


class FileKeys(Protocol):
    """Makes the keys under which files of jobs are sealed."""

    def new_key(self, of: str, /) -> bytes:
        """A fresh key, wrapped, for the thing of this id."""
        ...


class ImportWork(PlacementWork, Protocol):
    """The unit of work with the vault, which a deployment may not have."""

    @property
    def vault(self) -> FileKeys | None:
        """The vault of the deployment."""
        ...


def start_import(work: ImportWork, kind: str, sha256: str) -> Job:
    """A queued job of the caller with a key of its own for the sheet, which the caller keeps; ``sha256`` is its hash.

    An officer asks for what lies below the own office; the step decides again on every row.

    Raises:
        NotFound: the caller's role acts below an organisation, and the caller has none.
        Conflict: ``no-vault`` where no key is configured under which files could be kept.
    """
    work.authorise(Facets(unit=work.actor.organisation))
    if work.vault is None:
        raise Conflict("no-vault", "Files cannot be kept here: the operator has configured no key for them.")
    job = new_job(work, kind, work.new_id(), {})
    job.wrapped_key, job.sha256 = work.vault.new_key(str(job.id)), sha256
    work.jobs.add(job)
    return job
