"""The registration: who put an application in for a person, on which word, and whether the person took it over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.kernel.refusals import Conflict


@dataclass(kw_only=True)
class Registration:
    """Beside an application that was imported; its id is the application's.

    Attributes:
        job_id: the import that made it.
        organisation, by: who registered; the consent of the person rests on their word.
        digest: keyed hash of the row.
        claim_index: keyed hash of the code with which the person takes the application over.
        claimed_at: when the person did.
    """

    id: UUID
    version: int = 0
    call_id: UUID
    job_id: UUID
    organisation: str
    by: str
    digest: bytes
    claim_index: bytes
    consent_stated_at: datetime
    claimed_at: datetime | None = None

    def claim(self, at: datetime) -> None:
        """Be taken over by the person, once. Raises ``Conflict`` ``claimed-already``."""
        if self.claimed_at is not None:
            raise Conflict("claimed-already", "This application was taken over already.")
        self.claimed_at = at
