"""What happened, in the words of this service; ``adapters.events.publishing`` decides what the world hears."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AssessmentOpened:
    """A completion assessment waits for evidence (C-01)."""

    participation: UUID
    assessment: UUID
    scheme: str


@dataclass(frozen=True, slots=True)
class AssessmentVoided:
    """The training ended before its term, so there is nothing to assess (C-01); not published."""

    participation: UUID
    assessment: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ResultConfirmed:
    """A result that one person recorded was confirmed by another (C-01); ``score`` has two decimals.

    ``ordinal`` counts the confirmed results of one assessment: the highest is the last word.
    """

    participation: UUID
    assessment: UUID
    outcome: str
    grade: str
    score: Decimal
    scheme: str
    scheme_version: str
    confirmed_on: date
    attempt: int = 1
    ordinal: int = 1


@dataclass(frozen=True, slots=True)
class CertificateIssued:
    """The ministry issued a certificate (C-02)."""

    participation: UUID
    certificate: UUID
    number: str
    programme: str
    session: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class CertificateRevoked:
    """A certificate is void for good; ``reason`` is a code of the scheme."""

    participation: UUID
    certificate: UUID
    number: str
    reason: str
    revoked_on: date


@dataclass(frozen=True, slots=True)
class CertificateSuspended:
    """A certificate does not count for now."""

    participation: UUID
    certificate: UUID
    number: str
    suspended_on: date


@dataclass(frozen=True, slots=True)
class CertificateReinstated:
    """A suspended certificate counts again."""

    participation: UUID
    certificate: UUID
    number: str
    reinstated_on: date


@dataclass(frozen=True, slots=True)
class WaiverGranted:
    """A single-use continuing-education waiver came with a certificate (C-03)."""

    participation: UUID
    waiver: UUID
    title_level: str


@dataclass(frozen=True, slots=True)
class WaiverConsumed:
    """A waiver was used, once (C-03)."""

    participation: UUID
    waiver: UUID
    title_level: str
    consumed_on: date
