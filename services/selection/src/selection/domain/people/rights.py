"""What a person may ask for about themselves, and what stands against deleting: corrections, legal holds (PIPL 46, 47)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition


class CorrectionState(StrEnum):
    """Where a request for correction stands."""

    FILED = "filed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_S = CorrectionState
_REGION = frozenset({Role.REGIONAL_OFFICER})

CORRECTION = Lifecycle(
    "correction",
    initial=_S.FILED,
    transitions=[
        Transition("accept", _S.FILED, _S.ACCEPTED, _REGION),
        Transition("refuse", _S.FILED, _S.REFUSED, _REGION),
        Transition("withdraw", _S.FILED, _S.WITHDRAWN, frozenset({Role.APPLICANT})),
    ],
)

CORRECTION_DAYS = 15
"""Days in which a request for correction is answered; assumption, PIPL 50 asks for convenience, not for a number."""


@dataclass(kw_only=True)
class Correction(Aggregate):
    """A person's request to correct what is held about them once they cannot change it themselves.

    Attributes:
        members: names of the members to be changed.
        wanted_sealed: the values as JSON, sealed under the person's key.
        due_by: day by which it is to be answered.
    """

    lifecycle: ClassVar[Lifecycle[CorrectionState]] = CORRECTION

    state: CorrectionState = field(default=CorrectionState.FILED)
    person_id: UUID
    account: str
    members: list[str]
    wanted_sealed: bytes
    filed_at: datetime
    due_by: date
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None

    @property
    def facets(self) -> Facets:
        """How callers stand to this request."""
        return Facets(account=self.account)

    def accept(self, by: Actor, at: datetime) -> None:
        """Be granted; the caller applies it in the same transaction."""
        self._advance("accept", by)
        self.decided_by, self.decided_at = by.subject, at

    def refuse(self, reason: str, by: Actor, at: datetime) -> None:
        """Be refused with a reason."""
        self._advance("refuse", by)
        self.reason, self.decided_by, self.decided_at = reason, by.subject, at

    def withdraw(self, by: Actor) -> None:
        """Be taken back."""
        self._advance("withdraw", by)


@dataclass(kw_only=True)
class LegalHold:
    """Nothing of this person may be deleted while it stands.

    Attributes:
        reason: code (``litigation``, ``audit``, ``inspection``).
        document: number of the paper that orders it.
    """

    id: UUID
    version: int = 0
    person_id: UUID
    participation: UUID
    reason: str
    document: str
    placed_by: str
    placed_at: datetime
    released_by: str | None = None
    released_at: datetime | None = None

    def release(self, by: Actor, at: datetime) -> None:
        """Let go; a second time changes nothing."""
        if self.released_at is None:
            self.released_by, self.released_at = by.subject, at
