"""Say whether a document that somebody presents is a version of a roster, and whether it was filed (S-07)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.roster.proof import Comparison, compared
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, Malformed


async def verify_filing(work: SelectionWork, roster_id: UUID, document: str | None, sha256: str | None) -> Comparison:
    """Compare; nothing changes.

    Raises:
        NotFound: ``not-found``.
        Malformed: ``bad-document`` without document and digest.
        RuleViolated: ``document-altered`` (S-07).
    """
    roster = await work.rosters.get(roster_id)
    if document is None and sha256 is None:
        raise Malformed(
            "bad-document", "Present the document, its SHA-256 or both.",
            findings=[Finding("bad-document", "One of the two is needed.", "/document")],
        )  # fmt: skip
    return compared(roster, await work.editions.list(roster_id=roster_id, order="number"), document, sha256)
