"""The person vault: who a candidate is. Nothing of it leaves selection unless a name must be printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.kernel.refusals import NotFound


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What an applicant states about themselves, checked but not yet sealed."""

    name_zh: str
    name_bo: str | None
    name_latin: str | None
    birth_date: date
    identity_number: str
    phone: str | None


ERASED_NAME = "（已删除）"
ERASED_BIRTH_DATE = date(1900, 1, 1)
"""What stands where a name and a birth date stood, once the person is erased."""


@dataclass(kw_only=True)
class Person:
    """One natural person with one account; the sealed attributes are ``VaultItem`` rows.

    Attributes:
        account: opaque account id of the person; after erasure a code that leads nowhere.
        wrapped_key: the person's own key, wrapped by the service key; None once destroyed.
        key_id: id of the service key that wraps it; None for a key older than key ids.
        identity_index: keyed hash of the identity number for exact lookup; unique, None once erased.
        erased_at: when the key was destroyed.
    """

    id: UUID
    version: int = 0
    account: str
    name_zh: str
    name_bo: str | None
    name_latin: str | None
    birth_date: date
    wrapped_key: bytes | None
    key_id: str | None = None
    identity_index: bytes | None
    erased_at: datetime | None = None

    @property
    def key(self) -> bytes:
        """The wrapped key. Raises ``NotFound`` once the person is erased."""
        if self.wrapped_key is None:
            raise NotFound("person-erased", "This person's data have been erased.")
        return self.wrapped_key

    def rename(self, details: PersonDetails) -> None:
        """Take over corrected names; the identity number and the birth date stay what they were."""
        self.name_zh, self.name_bo, self.name_latin = details.name_zh, details.name_bo, details.name_latin

    def erase(self, at: datetime) -> None:
        """Destroy the key and whatever is readable; codes stay. There is no way back."""
        self.wrapped_key = self.key_id = self.identity_index = self.name_bo = self.name_latin = None
        self.name_zh, self.birth_date, self.erased_at = ERASED_NAME, ERASED_BIRTH_DATE, at
        self.account = f"erased-{self.id}"


def age_on(birth_date: date, day: date) -> int:
    """Whole years on ``day``."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
