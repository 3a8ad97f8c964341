"""What was used with a card: a log of uses, and a counted allowance per card, service and year (T-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.kernel.actor import Facets
from shared.kernel.refusals import Conflict


@dataclass(kw_only=True)
class CardUse:
    """One use of a service, recorded by its provider; ``receipt`` is the provider's own number, once per provider."""

    id: UUID
    version: int = 0
    card: UUID
    account: str
    unit: str
    programme: str
    tier: str
    service: str
    area: str
    provider: str
    receipt: str
    used_on: date
    recorded_at: datetime

    @property
    def facets(self) -> Facets:
        """What decides who may see it."""
        return Facets(account=self.account, unit=self.unit)


@dataclass(kw_only=True)
class Allowance:
    """How often a card used a service in a calendar year; the database refuses a use above the limit."""

    id: UUID
    version: int = 0
    card: UUID
    service: str
    year: int
    used: int = 0
    at_most: int | None = None

    def use(self, limit: int | None) -> None:
        """Count one use.

        Raises:
            Conflict: ``allowance-used-up`` with the limit.
        """
        if limit is not None and self.used >= limit:
            raise Conflict("allowance-used-up", "The card has used this service as often as allowed this year.",
                           rule="T-03", limit=limit)  # fmt: skip
        self.at_most, self.used = limit, self.used + 1
