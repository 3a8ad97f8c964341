"""Bodies and representations of accreditations (T-02)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from assessment.domain.accrediting.accreditation import Accreditation, Evidence
from shared.http.resources import Body, CodeText, Line, Resource
from shared.kernel.actor import Actor


class AccreditationEvidence(Body):
    """A document: its kind (a code of the policy), the keeper's reference, the SHA-256 of its content in hex."""

    kind: CodeText
    reference: Line
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    @property
    def evidence(self) -> Evidence:
        """As the domain has it."""
        return Evidence(self.kind, self.reference, self.sha256)


class AccreditationBody(Body):
    """An application of the caller; ``unit`` is the organisation path of the employer."""

    programme: CodeText
    policy_version: CodeText
    unit: CodeText
    tier: CodeText
    evidence: list[AccreditationEvidence] = Field(min_length=1, max_length=50)


class AccreditationTierBody(Body):
    """The tier that a reviewer finds or the body assigns."""

    tier: CodeText


class AccreditationReasonBody(Body):
    """A coded reason of the policy."""

    reason: CodeText


class AccreditationEvidenceOut(Resource):
    """A document that supports an application."""

    kind: str
    reference: str
    sha256: str


class AccreditationOut(Resource):
    """An accreditation; who the person is, only selection knows."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    updated_at: datetime | None = None
    participation: UUID
    programme: str
    policy_version: str
    unit: str
    asked_tier: str | None
    evidence: list[AccreditationEvidenceOut]
    applied_on: date
    proposed_tier: str | None
    reviewed_on: date | None
    tier: str | None
    decided_on: date | None
    reason: str | None
    supersedes: UUID | None

    @classmethod
    def of(cls, thing: Accreditation, actor: Actor, updated_at: datetime | None = None) -> AccreditationOut:
        """Present an accreditation."""
        same = {name: getattr(thing, name) for name in cls.model_fields if hasattr(thing, name)}
        evidence = [
            AccreditationEvidenceOut(kind=e.kind, reference=e.reference, sha256=e.sha256) for e in thing.evidence
        ]
        same |= {"state": str(thing.state), "allowed_actions": thing.allowed_actions(actor), "updated_at": updated_at}
        return cls(**same | {"evidence": evidence})
