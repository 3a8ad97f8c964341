"""Acts on one certificate: suspend, reinstate, revoke, reissue (C-02)."""

from __future__ import annotations

from uuid import UUID

from assessment.domain.certifying.certificate import Certificate, HolderName
from assessment.domain.certifying.waiver import WaiverState
from assessment.usecases.assessing.aftermath import void_waivers
from assessment.usecases.certifying.issue_certificates import Series, issue_one
from assessment.usecases.ports import AssessmentPort, Mint
from assessment.usecases.schemes import Schemes
from shared.kernel.refusals import RuleViolated


async def suspend(work: AssessmentPort, id: UUID) -> Certificate:
    """Let a certificate not count for now."""
    certificate = await _target(work, id)
    work.announce(certificate.suspend(await Schemes(work).of(certificate), by=work.actor, on=work.today))
    return certificate


async def reinstate(work: AssessmentPort, id: UUID) -> Certificate:
    """Let a suspended certificate count again."""
    certificate = await _target(work, id)
    work.announce(certificate.reinstate(await Schemes(work).of(certificate), by=work.actor, on=work.today))
    return certificate


async def revoke(work: AssessmentPort, id: UUID, reason: str) -> Certificate:
    """End a certificate for good, and its unused waiver with it."""
    certificate = await _target(work, id)
    work.announce(certificate.revoke(reason, await Schemes(work).of(certificate), by=work.actor, on=work.today))
    await void_waivers(work, certificate)
    return certificate


async def reissue(work: AssessmentPort, id: UUID, reason: str, name: HolderName | None, mint: Mint) -> Certificate:
    """The successor, issued at once with a number of its own; the waiver follows it.

    Raises:
        RuleViolated: ``name-missing`` when selection knows no name.
    """
    certificate = await _target(work, id)
    if name is None:
        raise RuleViolated("name-missing", "Selection knows no name for this participation.")
    scheme = await Schemes(work).of(certificate)
    assessment = await work.assessments.get(certificate.assessment)
    successor = certificate.replace(work.new_id(), reason, scheme, by=work.actor, on=work.today)
    work.certificates.add(successor)
    held = await work.waivers.list(certificate=certificate.id)
    for waiver in held:
        waiver.follow(successor)
    waived = {waiver.participation for waiver in held if waiver.state is not WaiverState.VOID}
    await issue_one(work, successor, assessment, scheme, name, mint, waived, Series(work))
    return successor


async def _target(work: AssessmentPort, id: UUID) -> Certificate:
    certificate = await work.certificates.get(id, target=True)
    work.authorise(certificate.facets)
    return certificate
