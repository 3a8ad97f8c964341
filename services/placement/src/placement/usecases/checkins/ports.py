"""What the use cases of check-ins need; no other use case has these stores."""

from __future__ import annotations

from datetime import date
from typing import Protocol
from uuid import UUID

from placement.domain.checkins.checkin import Checkin, WelfareContact
from placement.usecases.ports import PlacementWork
from shared.kernel.work import Store


class CheckinWork(PlacementWork, Protocol):
    """The unit of work with check-ins."""

    @property
    def checkins(self) -> Store[Checkin]:
        """Check-ins."""
        ...

    @property
    def welfare_contacts(self) -> Store[WelfareContact]:
        """Welfare contacts of hosts."""
        ...

    async def policies_at_work(self) -> list[tuple[str, str]]:
        """(programme, version) of every placement that is running."""
        ...

    async def invitations_due(
        self, policy: tuple[str, str], every_months: int, today: date, limit: int
    ) -> list[tuple[UUID, int]]:
        """(placement, number) of the next invitation of everybody who is owed one."""
        ...

    async def invitations_over(self, limit: int) -> list[UUID]:
        """Invitations of placements that do not run any more."""
        ...

    async def forget_checkins(self, ended_before: date) -> int:
        """Delete every check-in of placements that ended before a day; how many."""
        ...
