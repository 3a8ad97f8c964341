"""Ask for all certificates of a session to be issued by a job."""

from __future__ import annotations

from assessment.domain.certifying.certificate import CertificateState, require_issuer
from assessment.usecases.certifying.issue_in_bulk import ISSUE, session_id
from assessment.usecases.ports import AssessmentPort
from assessment.usecases.schemes import Schemes
from shared.kernel.job import RUNNABLE, Job, new_job
from shared.kernel.refusals import Conflict


async def start_issuing(work: AssessmentPort, programme: str, session: str) -> Job:
    """Queue the job; certificates that are requested later than a chunk passed wait for the next job.

    Raises:
        Conflict: ``nothing-to-issue``, ``issuing-already`` while a job of the session runs.
        Forbidden: ``wrong-authority``.
    """
    subject = session_id(programme, session)
    waiting = await work.seen_certificate(programme=programme, session=session, state=CertificateState.REQUESTED)
    if waiting is None:
        raise Conflict("nothing-to-issue", "No certificate of this session waits to be issued.")
    work.authorise(waiting.facets)
    require_issuer(await Schemes(work).of(waiting), work.actor)
    if await work.jobs.list(subject=subject, kind=ISSUE, state=set(RUNNABLE)):
        raise Conflict("issuing-already", "Certificates of this session are being issued; see its job.")
    job = new_job(work, ISSUE, subject, {"programme": programme, "session": session})
    work.jobs.add(job)
    return job
