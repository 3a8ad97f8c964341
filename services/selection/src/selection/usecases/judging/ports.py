"""What the judging of attested facts asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.attestation import Attestation


@dataclass(frozen=True, slots=True)
class Remembered:
    """A session about whose people something attested is still kept; ``fixed_at`` once its roster was fixed."""

    session_id: UUID
    fixed_at: datetime | None


class AttestedFacts(Protocol):
    """Reads and deletes what units attested."""

    async def about(self, applications: Iterable[Application]) -> dict[UUID, Attestation]:
        """Application id → what its unit attested about its account for its call; no lock is taken."""
        ...

    async def remembered(self) -> list[Remembered]:
        """Sessions about whose people something attested is still kept."""
        ...

    async def forget(self, session_id: UUID) -> int:
        """Delete every attestation and every waiver of an attested rule of a session; how many rows went."""
        ...
