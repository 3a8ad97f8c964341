"""The stores of check-ins on PostgreSQL."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select

from placement.adapters.db.tables import placement
from placement.adapters.db.tables.checkins import checkin, welfare_contact
from placement.domain.checkins.checkin import Checkin, CheckinState, WelfareContact
from placement.domain.placements.states import SERVING
from shared.work.unit import UnitOfWork

CHECKIN_CONSTRAINTS: dict[str, tuple[str, str]] = {
    "uq_checkin_participation_number": ("lost-race", "Somebody else was faster; read it again."),
    "uq_welfare_contact_host": ("lost-race", "Somebody else was faster; read it again."),
}


class CheckinStores(UnitOfWork):
    """Under the unit of work of placement; implements ``placement.usecases.checkins.ports``."""

    def keep_checkins(self) -> None:
        """Open the stores, in the order in which they are locked."""
        self.checkins = self.store(Checkin, checkin)
        self.welfare_contacts = self.store(WelfareContact, welfare_contact)

    async def policies_at_work(self) -> list[tuple[str, str]]:
        """See ``CheckinWork.policies_at_work``."""
        which = (placement.c.programme, placement.c.policy_version)
        rows = await self.connection.execute(select(*which).where(placement.c.state.in_(SERVING)).distinct())
        return sorted((row.programme, row.policy_version) for row in rows)

    async def invitations_due(
        self, policy: tuple[str, str], every_months: int, today: date, limit: int
    ) -> list[tuple[UUID, int]]:
        """See ``CheckinWork.invitations_due``."""
        following = func.coalesce(func.max(checkin.c.number), 0) + 1
        opens = placement.c.arrived_on + func.make_interval(0, every_months * following)
        rows = await self.connection.execute(
            select(placement.c.id, following.label("number"))
            .outerjoin(checkin, checkin.c.participation == placement.c.id)
            .where(
                placement.c.programme == policy[0],
                placement.c.policy_version == policy[1],
                placement.c.state.in_(SERVING),
            )
            .group_by(placement.c.id)
            .having(opens <= today)
            .order_by(placement.c.id)
            .limit(limit)
        )
        return [(row.id, row.number) for row in rows]

    async def invitations_over(self, limit: int) -> list[UUID]:
        """See ``CheckinWork.invitations_over``."""
        rows = await self.connection.execute(
            select(checkin.c.id)
            .join(placement, placement.c.id == checkin.c.participation)
            .where(checkin.c.state == CheckinState.INVITED, placement.c.state.not_in(SERVING))
            .order_by(checkin.c.id)
            .limit(limit)
        )
        return list(rows.scalars())

    async def forget_checkins(self, ended_before: date) -> int:
        """See ``CheckinWork.forget_checkins``."""
        over = select(placement.c.id).where(placement.c.ended_on < ended_before)
        return int((await self.connection.execute(delete(checkin).where(checkin.c.participation.in_(over)))).rowcount)
