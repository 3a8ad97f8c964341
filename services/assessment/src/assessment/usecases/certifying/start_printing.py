"""Ask for the papers of a whole session to be printed by a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from assessment.domain.certifying.certificate import CertificateState, require_issuer
from assessment.usecases.certifying.issue_in_bulk import session_id
from assessment.usecases.ports import AssessmentPort
from assessment.usecases.schemes import Schemes
from shared.kernel.job import RUNNABLE, Job, new_job
from shared.kernel.refusals import Conflict

PRINT: Final = "papers-print"


async def start_printing(
    work: AssessmentPort, programme: str, session: str, new_key: Callable[[str], bytes]
) -> Job:  # fmt: skip
    """Queue the job; its parts are sealed under a key of its own, which ``new_key`` draws for an owner.

    Raises:
        Conflict: ``nothing-to-print``, ``printing-already`` while a job of the session prints.
        Forbidden: ``wrong-authority``.
    """
    subject = session_id(programme, session)
    issued = await work.seen_certificate(programme=programme, session=session, state=CertificateState.ISSUED)
    if issued is None:
        raise Conflict("nothing-to-print", "No certificate of this session counts now.")
    work.authorise(issued.facets)
    require_issuer(await Schemes(work).of(issued), work.actor)
    if await work.jobs.list(subject=subject, kind=PRINT, state=set(RUNNABLE)):
        raise Conflict("printing-already", "The papers of this session are being printed; see the job.")
    job = new_job(work, PRINT, subject, {"programme": programme, "session": session})
    job.wrapped_key = new_key(str(job.id))
    work.jobs.add(job)
    return job
