"""Agreements on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from placement.adapters.http.schemas.common import Line, Prose
from placement.domain.agreements import AGREEMENT, Agreement, AgreementState, Terms
from placement.usecases.agreements.draft_agreements import Draft
from placement.usecases.agreements.file_agreements import Filing
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor

PartyRole = Literal["trainee", "sending_unit", "host"]


class TermsIn(Body):
    """Duties by party, and the years of service promised after the return."""

    duties: dict[PartyRole, Annotated[list[Prose], Field(min_length=1, max_length=50)]]
    service_years: Annotated[int, Field(ge=0, le=20)] | None = None

    def terms(self) -> Terms:
        """As the use case takes it."""
        return Terms(
            duties={str(role): list(lines) for role, lines in self.duties.items()}, service_years=self.service_years
        )


class DraftIn(Body):
    """An agreement to be; without ``parties`` those of the policy."""

    participation: UUID
    parties: Annotated[list[PartyRole], Field(min_length=2, max_length=3)] | None = None
    terms: TermsIn

    def draft(self) -> Draft:
        """As the use case takes it."""
        parties = None if self.parties is None else [str(role) for role in self.parties]
        return Draft(participation=self.participation, parties=parties, terms=self.terms.terms())


class AgreementRef(Body):
    """One agreement."""

    agreement: UUID


class FilingIn(AgreementRef):
    """An agreement and the number under which it is put on file."""

    number: Line

    def filing(self) -> Filing:
        """As the use case takes it."""
        return Filing(agreement=self.agreement, number=self.number)


class AmendmentIn(Body):
    """What the next edition says, and why there is one."""

    terms: TermsIn
    reason: Prose


class PartyOut(Resource):
    """A party and its signature."""

    role: str
    identity: str
    signed_on: date | None
    signed_by: str | None


class AgreementOut(Resource):
    """One edition of an agreement."""

    id: UUID
    version: int
    state: AgreementState
    allowed_actions: list[str]
    participation: UUID
    edition: int
    amends: UUID | None
    parties: list[PartyOut]
    duties: dict[str, list[str]]
    service_years: int | None
    amendment_reason: str | None
    in_force_on: date | None
    refused_by: str | None
    refusal_reason: str | None
    filed_on: date | None
    filing_number: str | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, agreement: Agreement, actor: Actor) -> AgreementOut:
        """The answer to a command."""
        members = {name: getattr(agreement, name) for name in cls.model_fields if hasattr(agreement, name)}
        members["parties"] = [PartyOut.model_validate(party, from_attributes=True) for party in agreement.parties]
        return cls(**members | {"allowed_actions": agreement.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> AgreementOut:
        """A row of the table."""
        return cls(**dict(row._mapping) | {"allowed_actions": AGREEMENT.allowed(AgreementState(row.state), actor)})
