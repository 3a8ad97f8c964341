"""An office with everything that is seldom done: grants and their reversal, freezing, closing, and forgery."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from funding.domain.budgets.budget import BudgetState
from funding.testing.office import MINISTRY, PREPARER, REGIONAL, TREASURER, Office
from funding.usecases.budgets.allocate_budget import close_budget
from funding.usecases.funds.close_period import close_period
from funding.usecases.funds.freeze_fund import freeze_fund, thaw_fund
from funding.usecases.funds.record_grant import record_grant, reverse_entry


class Bureau(Office):
    """The whole finance office."""

    async def grants(self, fund: UUID, amount: int, reference: str) -> None:
        """More money from the central source."""
        await self.do(
            TREASURER,
            lambda work: record_grant(
                work, fund, source="central", amount=amount, reference=reference, granted_on=self.today
            ),
        )

    async def reverses(self, nth: int) -> None:
        """Somebody tries to reverse the ``nth`` entry of the journal, whatever it is."""
        entry = self.shelf.entries[nth % len(self.shelf.entries)]
        await self.do(REGIONAL, lambda work: reverse_entry(work, entry.id, reason="wrong-source"))

    async def books_again(self, nth: int, on: date, key: str | None) -> None:
        """Post a copy of the ``nth`` entry on another day, under its own source key (None) or a new one."""
        old = self.shelf.entries[nth % len(self.shelf.entries)]
        if key is not None and old.participation is not None:
            return  # what belongs to a plan is compared with the plan; a forged double would be one more truth
        copy = replace(old, booked_on=on, source_key=key or old.source_key, reverses=old.reverses)

        await self.do(PREPARER, lambda work: work.books.post([replace(copy, id=work.new_id())]))

    async def freezes(self, fund: UUID) -> None:
        """The finance authority stops the fund."""
        await self.do(MINISTRY, lambda work: freeze_fund(work, fund, reason="inquiry"))

    async def thaws(self, fund: UUID) -> None:
        """The finance authority lets it go on."""
        await self.do(MINISTRY, lambda work: thaw_fund(work, fund, reason="inquiry over"))

    async def closes_month(self, key: str) -> None:
        """The month ``2024-07`` is closed for good."""
        await self.do(REGIONAL, lambda work: close_period(work, key))

    async def closes_budgets(self) -> None:
        """Every allocated budget is closed; unused money goes back to the sources."""
        for budget in [each for each in self.shelf.budgets.values() if each.state is BudgetState.ALLOCATED]:
            await self.do(REGIONAL, lambda work, id=budget.id: close_budget(work, id))  # type: ignore[misc]
