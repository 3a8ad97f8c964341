"""Scanned pages and files of agreements on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from placement.adapters.http.schemas.common import Line
from placement.domain.agreements.filings import FILING, KIND, Filing, FilingState, statement_of
from placement.domain.agreements.pages import Page
from placement.usecases.agreements.file_agreements import Receipt
from shared.http.resources import Body, Resource
from shared.identity.signatures import DocumentSigner
from shared.kernel.actor import Actor


class AgreementFilingIn(Body):
    """An agreement and the number under which it is put on file."""

    agreement: UUID
    number: Line

    def receipt(self) -> Receipt:
        """As the use case takes it."""
        return Receipt(of=self.agreement, number=self.number)


class AgreementFilingRef(Body):
    """One file."""

    filing: UUID


class AgreementReceiptIn(AgreementFilingRef):
    """A file and its receipt number."""

    number: Line

    def receipt(self) -> Receipt:
        """As the use case takes it."""
        return Receipt(of=self.filing, number=self.number)


class AgreementSubmissionOut(Resource):
    """One time a file was handed in, and the answer."""

    submitted_on: date
    answered_on: date | None
    receipt: str | None
    reason: str | None


class AgreementFilingOut(Resource):
    """The file of one edition."""

    id: UUID
    version: int
    state: FilingState
    allowed_actions: list[str]
    agreement: UUID
    participation: UUID
    edition: int
    sha256: str
    submissions: list[AgreementSubmissionOut]
    updated_at: datetime | None = None

    @classmethod
    def of(cls, filing: Filing, actor: Actor) -> AgreementFilingOut:
        """The answer to a command."""
        members = {name: getattr(filing, name) for name in cls.model_fields if hasattr(filing, name)}
        members["submissions"] = [
            AgreementSubmissionOut.model_validate(each, from_attributes=True) for each in filing.submissions
        ]
        return cls(**members | {"allowed_actions": filing.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> AgreementFilingOut:
        """A row of the table."""
        members = {name: value for name, value in row._mapping.items() if name in cls.model_fields}
        return cls(**members | {"allowed_actions": FILING.allowed(FilingState(row.state), actor)})


class AgreementFilingProofOut(Resource):
    """Everything an outsider needs to check a filing without asking anyone.

    ``sha256`` is of ``document`` in UTF-8 and stands in ``statement``; ``signature`` is a detached JWS (``typ`` is
    ``kind``) over ``statement`` in UTF-8, made with this service's key, whose public half is at ``keys``.
    """

    filing: UUID
    agreement: UUID
    edition: int
    state: FilingState
    sha256: str
    document: str
    statement: str
    signature: str
    kind: str = KIND
    keys: str = "/.well-known/signing-keys.json"

    @classmethod
    def of(cls, filing: Filing, signer: DocumentSigner) -> AgreementFilingProofOut:
        """The signed proof."""
        statement = statement_of(filing)
        return cls(
            filing=filing.id, agreement=filing.agreement, edition=filing.edition, state=filing.state,
            sha256=filing.sha256, document=filing.document, statement=statement,
            signature=signer.sign(statement.encode(), kind=KIND),
        )  # fmt: skip


class AgreementPageOut(Resource):
    """A scanned page: what it is and where it came from, not its content."""

    id: UUID
    agreement: UUID
    sha256: str
    media_type: str
    size: int
    uploaded_on: date
    uploaded_by: str

    @classmethod
    def of(cls, page: Page, _: Actor) -> AgreementPageOut:
        """The answer to a command."""
        return cls.model_validate(page, from_attributes=True)


class AgreementPagesOut(Resource):
    """The pages of one edition."""

    items: list[AgreementPageOut]
