"""What assessment publishes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.event import Code, Day, Event, Money


class AssessmentEvent(Event):
    """Common to everything on the topic of assessment; the subject is always the participation."""

    service: ClassVar[str] = "assessment"
    participation: UUID


class AssessmentOpened(AssessmentEvent):
    """A completion assessment waits for evidence (C-01)."""

    event: ClassVar[str] = "assessment.opened"
    assessment: UUID
    scheme: Code


class Assessed(AssessmentEvent):
    """A result was recorded by one and confirmed by another person (C-01).

    A re-sit, an appeal or a correction publishes it again; ``ordinal`` counts the confirmed results of the assessment, the
    highest is the last word. ``attempt`` rises with every re-sit and every reopening after a deferral.
    """

    event: ClassVar[str] = "assessed"
    assessment: UUID
    result: Literal["pass", "fail"]
    grade: Code
    score: Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,2})?$")]
    scheme: Code
    scheme_version: Code
    confirmed_on: Day
    attempt: int = 1
    ordinal: int = 1


class Certified(AssessmentEvent):
    """The ministry issued the certificate (C-02)."""

    event: ClassVar[str] = "certified"
    certificate: UUID
    number: Code
    programme: Code
    session: Code
    issued_on: Day


class CertificateRevoked(AssessmentEvent):
    """A certificate is void for good."""

    event: ClassVar[str] = "certificate.revoked"
    certificate: UUID
    number: Code
    reason: Code
    revoked_on: Day


class CertificateSuspended(AssessmentEvent):
    """A certificate does not count for now."""

    event: ClassVar[str] = "certificate.suspended"
    certificate: UUID
    number: Code
    suspended_on: Day


class CertificateReinstated(AssessmentEvent):
    """A suspended certificate counts again."""

    event: ClassVar[str] = "certificate.reinstated"
    certificate: UUID
    number: Code
    reinstated_on: Day


class WaiverGranted(AssessmentEvent):
    """A single-use continuing-education waiver came with the certificate (C-03)."""

    event: ClassVar[str] = "waiver.granted"
    waiver: UUID
    title_level: Code


class WaiverConsumed(AssessmentEvent):
    """The waiver was used, once (C-03)."""

    event: ClassVar[str] = "waiver.consumed"
    waiver: UUID
    title_level: Code
    consumed_on: Day


class AccreditationAssigned(AssessmentEvent):
    """A person was assigned a tier (T-02); the subject is the participation, or the accreditation's own id."""

    event: ClassVar[str] = "accredited"
    accreditation: UUID
    programme: Code
    tier: Code
    accredited_on: Day


class AccreditationRevoked(AssessmentEvent):
    """A tier was taken back."""

    event: ClassVar[str] = "accreditation.revoked"
    accreditation: UUID
    reason: Code
    revoked_on: Day


class CardChanged(AssessmentEvent):
    """A talent card was issued or changed its standing (T-03)."""

    event: ClassVar[str] = "card.changed"
    card: UUID
    change: Literal["issued", "suspended", "reinstated", "renewed", "expired", "revoked"]
    tier: Code
    valid_until: Day
    changed_on: Day


class AchievementChanged(AssessmentEvent):
    """An achievement was verified, so that it counts, or taken back after that (D-06, C-07); never what it is called."""

    event: ClassVar[str] = "achievement.changed"
    achievement: UUID
    change: Literal["verified", "withdrawn"]
    kind: Code
    standing: Code
    phase: Literal["during", "after"]
    changed_on: Day


class FollowUpRecorded(AssessmentEvent):
    """What a follow-up after the return found; told anew when it is amended (C-04, C-06).

    ``projects``, ``funds`` and ``training_days`` are since the follow-up before; ``post_fits`` is absent where nobody can say.
    """

    event: ClassVar[str] = "follow_up.recorded"
    follow_up: UUID
    round: Code
    post_fits: bool | None = None
    projects: int = Field(ge=0)
    funds: Money
    training_days: int = Field(ge=0)
    recorded_on: Day


class CardUsed(AssessmentEvent):
    """A talent card was used once (T-03); not for which service, which nobody but the provider needs to know."""

    event: ClassVar[str] = "card.used"
    card: UUID
    use: UUID
    used_on: Day
