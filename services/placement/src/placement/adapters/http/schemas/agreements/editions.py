"""Editions of agreements on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from placement.adapters.http.schemas.common import CodeText, Prose
from placement.domain.agreements import AGREEMENT, Agreement, AgreementState, Terms
from placement.domain.agreements.parties import Named
from placement.usecases.agreements.draft_agreements import Draft
from placement.usecases.agreements.sign_agreements import PaperSignature
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor

Area = Literal["learning", "post", "assessment", "logistics"]
Side = Literal["host", "sending_unit"]
OrganisationPath = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}(/[A-Za-z0-9-]{1,40}){0,8}$")]
Percent = Annotated[int, Field(ge=1, le=100)]


class AgreementTermsIn(Body):
    """Duties by role, years of service after the return, and which side answers for what (M-10).

    Without ``responsibilities`` the policy's hold.
    """

    duties: dict[CodeText, Annotated[list[Prose], Field(min_length=1, max_length=50)]]
    service_years: Annotated[int, Field(ge=0, le=20)] | None = None
    responsibilities: dict[Area, Annotated[list[Side], Field(max_length=2)]] | None = None

    def terms(self) -> Terms:
        """As the use case takes it."""
        matrix = self.responsibilities or {}
        return Terms(
            duties={role: list(lines) for role, lines in self.duties.items()},
            service_years=self.service_years,
            responsibilities={str(area): [str(side) for side in sides] for area, sides in matrix.items()},
        )


class AgreementPartyIn(Body):
    """A party: its role, its organisation where the placement does not say it, its share in percent."""

    role: CodeText
    organisation: OrganisationPath | None = None
    share: Percent | None = None


PartiesIn = Annotated[list[CodeText | AgreementPartyIn], Field(min_length=2, max_length=20)]


def named(parties: list[Any] | None) -> list[Named] | None:
    """The parties as the use cases take them; a plain code is a role."""
    if parties is None:
        return None
    return [
        Named(role=each) if isinstance(each, str) else Named(
            role=each.role, identity=each.organisation, share=each.share
        )
        for each in parties
    ]  # fmt: skip


class AgreementDraftIn(Body):
    """An agreement to be; without ``parties`` those of the policy."""

    participation: UUID
    parties: PartiesIn | None = None
    terms: AgreementTermsIn

    def draft(self) -> Draft:
        """As the use case takes it."""
        return Draft(participation=self.participation, parties=named(self.parties), terms=self.terms.terms())


class AgreementRef(Body):
    """One agreement."""

    agreement: UUID


class AmendmentIn(Body):
    """What the next edition says, and why there is one; ``parties`` hold every original signatory."""

    terms: AgreementTermsIn
    parties: PartiesIn | None = None
    reason: Prose


class PaperSignatureIn(Body):
    """Who signed on which scanned page, and when; ``organisation`` where several stand in one role."""

    role: CodeText
    organisation: OrganisationPath | None = None
    page: UUID
    signed_on: date

    def signature(self) -> PaperSignature:
        """As the use case takes it."""
        return PaperSignature(role=self.role, identity=self.organisation, page=self.page, signed_on=self.signed_on)


class AgreementPartyOut(Resource):
    """A party and its signature; a signature on paper names its page and the officer who attested it."""

    role: str
    identity: str
    order: int | None = None
    share: int | None = None
    leading: bool = False
    signed_on: date | None
    signed_by: str | None
    means: str | None = None
    document: UUID | None = None
    attested_by: str | None = None


class AgreementOut(Resource):
    """One edition of an agreement."""

    id: UUID
    version: int
    state: AgreementState
    allowed_actions: list[str]
    participation: UUID
    edition: int
    amends: UUID | None
    parties: list[AgreementPartyOut]
    duties: dict[str, list[str]]
    responsibilities: dict[str, list[str]]
    service_years: int | None
    amendment_reason: str | None
    offered_on: date | None
    in_force_on: date | None
    refused_by: str | None
    refusal_reason: str | None
    filed_on: date | None
    filing_number: str | None
    ended_on: date | None
    termination_reason: str | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, agreement: Agreement, actor: Actor) -> AgreementOut:
        """The answer to a command."""
        members = {name: getattr(agreement, name) for name in cls.model_fields if hasattr(agreement, name)}
        members["parties"] = [
            AgreementPartyOut.model_validate(party, from_attributes=True) for party in agreement.parties
        ]
        return cls(**members | {"allowed_actions": agreement.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> AgreementOut:
        """A row of the table."""
        members = dict(row._mapping)
        members["parties"] = [
            {name: party[name] for name in AgreementPartyOut.model_fields if name in party}
            for party in members["parties"]
        ]
        return cls(**members | {"allowed_actions": AGREEMENT.allowed(AgreementState(row.state), actor)})


class ResponsibilitiesOut(Resource):
    """Who answers for what at the host, by area; of the edition that binds, or else the latest one (M-10)."""

    participation: UUID
    agreement: UUID
    edition: int
    state: AgreementState
    responsibilities: dict[str, list[str]]
