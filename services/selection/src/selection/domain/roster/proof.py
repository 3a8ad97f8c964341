"""What the service signs about one filing, and whether a presented document is one of a roster's (S-07)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from selection.domain.roster.canonical import canonical_json
from selection.domain.roster.document import RosterEdition
from selection.domain.roster.roster import Filing, Roster
from shared.kernel.refusals import NotFound, RuleViolated

KIND = "roster-filing+jws"
"""``typ`` of the signature of a filing."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A presented document held against a roster's editions.

    Attributes:
        edition: number of the edition that it is, or None.
        filings: numbers of the filings of that edition.
        current: whether it is the version in force.
    """

    roster: Roster
    sha256: str
    edition: int | None
    filings: list[int]
    current: bool


def filing_of(roster: Roster, number: int) -> Filing:
    """Filing ``number``, counted from 1. Raises ``NotFound`` ``filing-not-found``."""
    if not 1 <= number <= len(roster.filings):
        raise NotFound("filing-not-found", "This roster has no such filing.", filings=len(roster.filings))
    return roster.filings[number - 1]


def statement_of(roster: Roster, number: int) -> str:
    """Canonical JSON of what happened to a filing so far; this text is signed."""
    filing = filing_of(roster, number)
    return canonical_json(
        {
            "roster": str(roster.id),
            "programme": roster.programme,
            "batch": roster.batch,
            "session": roster.session,
            "filing": number,
            "edition": filing.roster_version,
            "sha256": filing.sha256,
            "filed_at": filing.filed_at.isoformat(),
            "answer": filing.answer,
            "receipt": filing.receipt,
            "answered_at": None if filing.answered_at is None else filing.answered_at.isoformat(),
        }
    )


def compared(roster: Roster, editions: Sequence[RosterEdition], document: str | None, sha256: str | None) -> Comparison:
    """Which edition a document or digest is.

    Raises:
        RuleViolated: ``document-altered`` (S-07) when the document does not have the digest it was presented with.
    """
    digest = sha256 or ""
    if document is not None:
        digest = hashlib.sha256(document.encode()).hexdigest()
        if sha256 is not None and digest != sha256:
            raise RuleViolated(
                "document-altered", "The document does not have the SHA-256 that it was presented with.",
                rule="S-07", sha256=digest,
            )  # fmt: skip
    number = next((edition.number for edition in editions if edition.sha256 == digest), None)
    filings = [
        n for n, filing in enumerate(roster.filings, 1) if number is not None and filing.roster_version == number
    ]
    return Comparison(roster, digest, number, filings, number == roster.roster_version)
