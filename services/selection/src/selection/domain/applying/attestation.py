"""What a unit attests about one of its people for one call; the selecting authority alone sees it (domain.md 7.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.kernel.actor import Facets


@dataclass(kw_only=True)
class Attestation:
    """A fact of the unit's personnel records, needed for S-10 to S-13; deleted after the time for appeals.

    Attributes:
        unit: path of the attesting unit.
        reserve_listed: whether the person is listed for promotion.
    """

    id: UUID
    version: int = 0
    call_id: UUID
    account: str
    unit: str
    reserve_listed: bool
    attested_by: str
    attested_at: datetime

    @property
    def facets(self) -> Facets:
        """How callers stand to this attestation."""
        return Facets(unit=self.unit)

    def state_anew(self, reserve_listed: bool, by: str, at: datetime) -> None:
        """Correct what was attested; the same again changes nothing."""
        if self.reserve_listed is not reserve_listed:
            self.reserve_listed, self.attested_by, self.attested_at = reserve_listed, by, at
