"""What happened to accreditations and cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Accredited:
    """A person was assigned a tier (T-02)."""

    participation: UUID
    accreditation: UUID
    programme: str
    tier: str
    accredited_on: date


@dataclass(frozen=True, slots=True)
class AccreditationRevoked:
    """A tier was taken back; ``reason`` is a code of the policy."""

    participation: UUID
    accreditation: UUID
    reason: str
    revoked_on: date


@dataclass(frozen=True, slots=True)
class CardChanged:
    """A talent card was issued, suspended, reinstated, renewed, expired or revoked (T-03)."""

    participation: UUID
    card: UUID
    change: str
    tier: str
    valid_until: date
    changed_on: date


@dataclass(frozen=True, slots=True)
class CardUsed:
    """A talent card was used once; for which service stays with the provider and here (T-03)."""

    participation: UUID
    card: UUID
    use: UUID
    used_on: date
