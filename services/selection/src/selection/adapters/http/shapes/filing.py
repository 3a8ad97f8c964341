"""Proofs of filings: requests and representations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from selection.domain.roster.document import RosterEdition
from selection.domain.roster.proof import KIND, Comparison, filing_of, statement_of
from selection.domain.roster.roster import Roster
from shared.http.resources import Body, Resource
from shared.identity.signatures import DocumentSigner
from shared.kernel.actor import Actor


class PresentedBody(Body):
    """A document as it was handed on, its SHA-256 in lower-case hex, or both."""

    document: Annotated[str, Field(max_length=20_000_000)] | None = None
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


class ComparisonOut(Resource):
    """Whether what was presented is a version of the roster; ``edition`` and ``filings`` say which."""

    roster: UUID
    matches: bool
    sha256: str
    edition: int | None
    filings: list[int]
    current: bool

    @classmethod
    def of(cls, thing: Comparison, _: Actor) -> ComparisonOut:
        """The representation of a comparison."""
        return cls(
            roster=thing.roster.id, matches=thing.edition is not None, sha256=thing.sha256, edition=thing.edition,
            filings=thing.filings, current=thing.current,
        )  # fmt: skip


class FilingProofOut(Resource):
    """Everything an outsider needs to check a filing without asking anyone.

    ``sha256`` is of ``document`` in UTF-8 and stands in ``statement``; ``signature`` is a detached JWS (``typ`` is
    ``kind``) over ``statement`` in UTF-8, made with this service's key, whose public half is at ``keys``.
    """

    roster: UUID
    filing: int
    edition: int
    sha256: str
    filed_at: datetime
    answer: str | None
    receipt: str | None
    reason: str | None
    answered_at: datetime | None
    document: str
    statement: str
    signature: str
    kind: str = KIND
    keys: str = "/.well-known/signing-keys.json"

    @classmethod
    def of(cls, roster: Roster, number: int, edition: RosterEdition, signer: DocumentSigner) -> FilingProofOut:
        """The signed proof of one filing."""
        filing, statement = filing_of(roster, number), statement_of(roster, number)
        return cls(
            roster=roster.id, filing=number, edition=edition.number, sha256=filing.sha256, filed_at=filing.filed_at,
            answer=filing.answer, receipt=filing.receipt, reason=filing.reason, answered_at=filing.answered_at,
            document=edition.document, statement=statement, signature=signer.sign(statement.encode(), kind=KIND),
        )  # fmt: skip
