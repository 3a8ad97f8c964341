"""Scanned pages with signatures are taken in by an office (M-04)."""

from __future__ import annotations

from uuid import UUID

from placement.domain.agreements import AgreementState
from placement.domain.agreements.pages import Page, page_of
from placement.usecases.agreements.finding import facets_of, placements_of
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict


async def keep_page(work: PlacementWork, id: UUID, content: bytes) -> Page:
    """Keep a page of an agreement that is laid before its parties; the same page again is the page that is there.

    Raises:
        Conflict: ``wrong-state``.
        TooLarge: ``file-too-large``.
        UnsupportedFile: ``not-a-page``.
    """
    agreement = await work.agreements.get(id, target=True)
    work.authorise(facets_of(agreement, (await placements_of(work, [agreement]))[agreement.participation], work.actor))
    if agreement.state is not AgreementState.OFFERED:
        raise Conflict("wrong-state", "Pages belong to an agreement that is being signed.", state=str(agreement.state))
    page = page_of(content, id=work.new_id(), agreement=id, on=work.today, by=work.actor.subject)
    known = await work.pages.find(agreement=id, sha256=page.sha256)
    if known is not None:
        return known
    work.pages.add(page)
    return page
