"""What the use cases of the year at the host need besides the stores of cases."""

from __future__ import annotations

from datetime import date
from typing import Protocol
from uuid import UUID

from placement.domain.groups.group import GroupLogEntry, Membership, StudyGroup
from placement.domain.groups.meetings import Meeting
from placement.domain.groups.reports import GroupReport
from placement.usecases.ports import PlacementWork
from shared.kernel.work import Store


class GroupWork(PlacementWork, Protocol):
    """The unit of work with study groups. Stores are locked in the order they are named, after those of cases."""

    @property
    def groups(self) -> Store[StudyGroup]:
        """Study groups."""
        ...

    @property
    def memberships(self) -> Store[Membership]:
        """Who is or was in which group."""
        ...

    @property
    def group_log(self) -> Store[GroupLogEntry]:
        """Changes of members and leaders; only ever added to."""
        ...

    @property
    def group_reports(self) -> Store[GroupReport]:
        """Reports of groups."""
        ...

    @property
    def meetings(self) -> Store[Meeting]:
        """Meetings of groups."""
        ...

    async def members_gone(self, limit: int) -> list[UUID]:
        """Memberships that still run while the placement is over."""
        ...

    async def group_reports_due_before(self, day: date, limit: int) -> list[GroupReport]:
        """Group reports still ``due`` whose due date lies before ``day``, locked, the earliest first."""
        ...
