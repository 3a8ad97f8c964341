"""How certificates, waivers and verifications are shown."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from assessment.adapters.http.shapes.assessments import ChangedOut, TitleOut
from assessment.domain.certifying.certificate import Certificate
from assessment.domain.certifying.waiver import Waiver
from assessment.usecases.certifying.verify_certificate import Verification
from shared.http.resources import Resource
from shared.kernel.actor import Actor


class IssuedOut(ChangedOut):
    """One issued certificate."""

    number: str | None


class IssuedListOut(Resource):
    """The certificates that were issued, in the order of their numbers."""

    count: int
    items: list[IssuedOut]

    @classmethod
    def of(cls, things: Sequence[Certificate], _: Actor) -> IssuedListOut:
        """Present certificates that were issued."""
        items = [
            IssuedOut(id=t.id, participation=t.participation, version=t.version, state=t.state, number=t.number)
            for t in things
        ]
        return cls(count=len(items), items=items)


class CertificateOut(Resource):
    """A certificate without the holder's name."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    updated_at: datetime | None = None
    participation: UUID
    assessment: UUID
    programme: str
    batch: str
    session: str
    unit: str
    number: str | None
    requested_on: date
    issued_on: date | None
    valid_until: date | None
    predecessor: UUID | None
    suspended_on: date | None
    revoked_on: date | None
    revocation_reason: str | None
    reissue_wanted: str | None

    @classmethod
    def of(cls, thing: Certificate, actor: Actor, updated_at: datetime | None = None) -> CertificateOut:
        """Present a certificate."""
        same = {name: getattr(thing, name) for name in cls.model_fields if hasattr(thing, name)}
        same |= {"state": str(thing.state), "allowed_actions": thing.allowed_actions(actor), "updated_at": updated_at}
        return cls(**same)


class WaiverOut(Resource):
    """A continuing-education waiver."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    updated_at: datetime | None = None
    participation: UUID
    certificate: UUID
    programme: str
    session: str
    title_level: str
    granted_on: date
    consumed_on: date | None

    @classmethod
    def of(cls, thing: Waiver, actor: Actor, updated_at: datetime | None = None) -> WaiverOut:
        """Present a waiver."""
        same = {name: getattr(thing, name) for name in cls.model_fields if hasattr(thing, name)}
        same |= {"state": str(thing.state), "allowed_actions": thing.allowed_actions(actor), "updated_at": updated_at}
        return cls(**same)


class WaiverReceiptOut(Resource):
    """The receipt of a used waiver (C-03); ``digest`` is the SHA-256 of its other members, in order, by newlines."""

    waiver: UUID
    participation: UUID
    title_level: str
    application: str
    consumed_by: str
    consumed_on: date
    digest: str

    @classmethod
    def of(cls, thing: Waiver) -> WaiverReceiptOut:
        """Present the receipt of a waiver that was used."""
        parts = (
            thing.id, thing.participation, thing.title_level, thing.application, thing.consumed_by, thing.consumed_on,
        )  # fmt: skip
        return cls(
            waiver=thing.id, participation=thing.participation, title_level=thing.title_level,
            application=thing.application or "", consumed_by=thing.consumed_by or "",
            consumed_on=thing.consumed_on or thing.granted_on,
            digest=hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest(),
        )  # fmt: skip


class VerificationOut(Resource):
    """What the public learns: whether a certificate counts, whose it is, of which programme, since and until when.

    ``replaced_by`` is the number of the certificate that took the place of a reissued one.
    """

    status: Literal["valid", "suspended", "revoked", "reissued", "expired", "not-found", "tampered"]
    name: str | None
    programme: TitleOut | None
    issued_on: date | None
    valid_until: date | None
    replaced_by: str | None

    @classmethod
    def of(cls, answer: Verification) -> VerificationOut:
        """Present an answer."""
        return cls.model_validate(
            {
                "status": answer.status,
                "name": answer.name,
                "programme": TitleOut.of(answer.programme) if answer.programme else None,
                "issued_on": answer.issued_on,
                "valid_until": answer.valid_until,
                "replaced_by": answer.replaced_by,
            }
        )


class LinkOut(Resource):
    """Where anyone who holds the link can check the certificate; treat it like the certificate itself."""

    url: str
    token: str
