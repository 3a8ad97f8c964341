"""What a confirmed result means for the certificate (C-02).

A pass requests one, a fail takes it away, another grade asks for it to be issued anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from assessment.domain.assessing.assessment import ITSELF, Assessment
from assessment.domain.certifying.certificate import Certificate, CertificateState, request_certificate
from assessment.domain.certifying.waiver import WaiverState
from assessment.usecases.ports import AssessmentPort
from assessment.usecases.schemes import Schemes

C = CertificateState
CORRECTED = "result-corrected"
"""Why a certificate is to be issued anew after its grade changed."""


async def draw_consequences(work: AssessmentPort, confirmed: Sequence[Assessment], schemes: Schemes) -> None:
    """Request, cancel or revoke certificates so that they agree with the confirmed results."""
    latest = await latest_certificates(work, [assessment.participation for assessment in confirmed])
    for assessment in confirmed:
        certificate = latest.get(assessment.participation)
        if (await schemes.of(assessment)).certifies is None:
            continue
        if assessment.passed:
            _want(work, assessment, certificate)
        elif certificate is not None:
            await _take_away(work, assessment, certificate, schemes)


async def latest_certificates(work: AssessmentPort, participations: Sequence[UUID]) -> dict[UUID, Certificate]:
    """The certificate of each participation that no other replaces."""
    found = await work.certificates.list(participation=set(participations))
    replaced = {certificate.predecessor for certificate in found}
    return {certificate.participation: certificate for certificate in found if certificate.id not in replaced}


async def void_waivers(work: AssessmentPort, certificate: Certificate) -> None:
    """End the unused waiver that came with a certificate (C-03)."""
    for waiver in await work.waivers.list(certificate=certificate.id, state=WaiverState.GRANTED):
        waiver.void(ITSELF)


def _want(work: AssessmentPort, assessment: Assessment, certificate: Certificate | None) -> None:
    if certificate is None or certificate.state is C.REVOKED:
        predecessor = certificate.id if certificate else None
        work.certificates.add(request_certificate(work.new_id(), assessment, predecessor=predecessor, on=work.today))
    elif certificate.state is C.CANCELLED:
        certificate.request_again(ITSELF)
    elif certificate.state in {C.ISSUED, C.SUSPENDED} and _says_otherwise(assessment):
        certificate.ask_reissue(CORRECTED)
        work.note("certificate.ask-reissue", "certificate", str(certificate.id), reason=CORRECTED)


def _says_otherwise(assessment: Assessment) -> bool:
    """True when the result that the certificate was issued on had another grade."""
    before = next((past.result for past in reversed(assessment.past) if past.confirmed_by is not None), None)
    return before is not None and assessment.result is not None and before.grade != assessment.result.grade


async def _take_away(work: AssessmentPort, assessment: Assessment, certificate: Certificate, schemes: Schemes) -> None:
    if certificate.state is C.REQUESTED:
        certificate.cancel(ITSELF)
    elif certificate.state in {C.ISSUED, C.SUSPENDED}:
        scheme = await schemes.of(assessment)
        reason = scheme.certificate.overturned_reason
        work.announce(certificate.revoke(reason, scheme, by=ITSELF, on=work.today))
        work.note("certificate.revoke", "certificate", str(certificate.id), reason=reason)
        await void_waivers(work, certificate)
