"""The person vault: who a candidate is. Nothing of it leaves selection unless a name must be printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What an applicant states about themselves, checked but not yet sealed."""

    name_zh: str
    name_bo: str | None
    name_latin: str | None
    birth_date: date
    identity_number: str
    phone: str | None


@dataclass(kw_only=True)
class Person:
    """One natural person with one account.

    Attributes:
        account: opaque account id of the person.
        wrapped_key: the person's own key, wrapped by the service key; destroying it erases what it sealed.
        identity_sealed: identity number, AES-256-GCM-SIV under the person's key, bound to this row.
        identity_index: keyed hash of the identity number for exact lookup; unique.
        phone_sealed: telephone number, sealed likewise.
    """

    id: UUID
    version: int = 0
    account: str
    name_zh: str
    name_bo: str | None
    name_latin: str | None
    birth_date: date
    wrapped_key: bytes
    identity_sealed: bytes
    identity_index: bytes
    phone_sealed: bytes | None

    def rename(self, details: PersonDetails) -> None:
        """Take over corrected names; the identity number and the birth date stay what they were."""
        self.name_zh, self.name_bo, self.name_latin = details.name_zh, details.name_bo, details.name_latin


def age_on(birth_date: date, day: date) -> int:
    """Whole years on ``day``."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
