"""Sealed attributes, the consents they rest on, and the log of their reads that the person can see (domain.md 7.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from selection.domain.people.register import Attribute

_LEGACY = {Attribute.IDENTITY_NUMBER: "identity_sealed", Attribute.PHONE: "phone_sealed"}


def place_of(attribute: Attribute, person: UUID) -> str:
    """Where an attribute is sealed to; the two oldest keep the name of the column they once were in."""
    column = _LEGACY.get(attribute)
    return f"person|{column}|{person}" if column else f"vault_item|{attribute}|{person}"


@dataclass(kw_only=True)
class VaultItem:
    """One sealed attribute of one person.

    Attributes:
        sealed: AES-256-GCM-SIV under the person's key, bound to person and attribute.
        consent_id: the separate consent it rests on; None where none is asked for.
    """

    id: UUID
    version: int = 0
    person_id: UUID
    attribute: Attribute
    sealed: bytes
    consent_id: UUID | None = None
    stated_at: datetime


@dataclass(kw_only=True)
class Consent:
    """A person's consent to the handling of one attribute, under one version of its notice.

    Attributes:
        purposes: what the register named at the time.
    """

    id: UUID
    version: int = 0
    person_id: UUID
    attribute: Attribute
    purposes: list[str]
    notice_version: str
    given_at: datetime
    withdrawn_at: datetime | None = field(default=None)

    def withdraw(self, at: datetime) -> None:
        """Take the consent back; the attribute is deleted with it."""
        self.withdrawn_at = at


@dataclass(kw_only=True)
class VaultRead:
    """Who read what of a person, when and for what: ids and codes, shown to the person.

    Attributes:
        participation: through which participation, or None.
        extent: ``whole``, ``tail`` or ``aggregate``.
    """

    id: UUID
    version: int = 0
    person_id: UUID
    participation: UUID | None
    attribute: Attribute
    extent: str
    purpose: str
    reader: str
    reader_organisation: str
    read_at: datetime
