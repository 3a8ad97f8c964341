"""Start an import for a call or an export of a session; confirm, cancel or restart a job."""

from __future__ import annotations

from uuid import UUID

from selection.usecases.ports import SelectionWork
from shared.kernel.job import Job
from shared.kernel.refusals import RuleViolated

IMPORT = "applications-import"
EXPORT = "export"


async def start_import(work: SelectionWork, call_id: UUID, language: str, kind: str, sha256: str) -> Job:
    """Queue the check of an uploaded sheet.

    Args:
        work: the transaction; the sheet itself is stored by the caller under the job's key.
        call_id: the call that the rows apply for.
        language: of the annotated file, ``zh`` or ``en``.
        kind: ``xlsx`` or ``csv``.
        sha256: of the file, hexadecimal.

    Raises:
        Conflict: ``call-not-open`` (S-02).
        RuleViolated: ``import-not-allowed`` when the policy does not let the caller's role do it.
    """
    call = await work.readings.call(call_id)
    policy = await work.readings.policy(call.programme, call.policy_version)
    call.accepts(work.now)
    if not work.actor.has(*policy.import_allowed_for):
        raise RuleViolated("import-not-allowed", "The policy does not let you register people by sheet.", rule="S-03")
    return new_job(work, IMPORT, call.id, language, {"kind": kind}, sha256)


def new_job(
    work: SelectionWork, kind: str, subject: UUID, language: str, params: dict[str, str], sha256: str | None = None
) -> Job:
    """A queued job of the caller, with a key of its own for its files."""
    id = work.new_id()
    job = Job(
        id=id, kind=kind, owner=work.actor.subject, organisation=work.actor.organisation,
        roles=sorted(role.value for role in work.actor.roles), language=language, subject=subject, params=params,
        wrapped_key=work.vault.new_key(str(id)), sha256=sha256, asked_at=work.now,
    )  # fmt: skip
    work.jobs.add(job)
    return job


async def start_export(work: SelectionWork, session_id: UUID, what: str, form: str, purpose: str, language: str) -> Job:
    """Queue an export of what the caller may read of a session.

    Args:
        work: the transaction.
        session_id: the session.
        what: ``applications``, ``roster`` or ``scores``.
        form: ``xlsx`` or ``csv``.
        purpose: ``case-handling`` shows names, ``statistics`` neither names nor ids.
        language: of the headers, ``zh`` or ``en``.
    """
    session = await work.readings.session(session_id)
    job = new_job(work, EXPORT, session.id, language, {"what": what, "format": form, "purpose": purpose, "sheet": what})
    work.note("export.start", "session", str(session.id), what=what, purpose=purpose, job=str(job.id))
    return job


async def confirm_job(work: SelectionWork, job_id: UUID, *, leave_out_wrong: bool) -> Job:
    """Apply what was checked. Raises ``RuleViolated`` ``rows-wrong``, ``Conflict`` ``wrong-state``."""
    job = await _job(work, job_id)
    job.confirm(work.actor, leave_out_wrong=leave_out_wrong)
    return job


async def cancel_job(work: SelectionWork, job_id: UUID) -> Job:
    """Stop a job; what earlier chunks committed stays."""
    job = await _job(work, job_id)
    job.cancel(work.actor, work.now)
    return job


async def restart_job(work: SelectionWork, job_id: UUID) -> Job:
    """Begin a failed or cancelled job again. Raises ``RuleViolated`` ``file-deleted`` when its file is gone."""
    job = await _job(work, job_id)
    if job.wrapped_key is None:
        raise RuleViolated("file-deleted", "The files of this job were deleted after their time; send the file again.")
    job.restart(work.actor)
    return job


async def _job(work: SelectionWork, job_id: UUID) -> Job:
    job = await work.jobs.get(job_id)
    work.authorise(job.facets)
    return await work.jobs.get(job_id, target=True)
