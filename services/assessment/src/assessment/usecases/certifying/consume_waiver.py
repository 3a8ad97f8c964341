"""The title authority uses a waiver for the first application for the next title level (C-03)."""

from __future__ import annotations

from uuid import UUID

from assessment.domain.certifying.waiver import Waiver
from assessment.usecases.ports import AssessmentPort


async def consume_waiver(work: AssessmentPort, id: UUID, title_level: str, application: str) -> Waiver:
    """Use it, once: whoever comes later finds it consumed."""
    waiver = await work.waivers.get(id, target=True)
    work.authorise(waiver.facets)
    certificate = await work.certificates.get(waiver.certificate)
    work.announce(waiver.consume(title_level, application, certificate, by=work.actor, on=work.today))
    return waiver
