"""An office with everything that is seldom done: grants and their reversal, freezing, closing, and forgery."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from funding.domain.budgets.budget import BudgetState, Contribution, Line
from funding.domain.budgets.reallocation import ReallocationState, Shift
from funding.testing.claiming import claims, grants_claim, registers_class
from funding.testing.claims import STANDARDS
from funding.testing.office import MINISTRY, PREPARER, REGIONAL, SESSION, TREASURER, Office, shares
from funding.usecases.budgets.allocate_budget import allocate_budget, close_budget
from funding.usecases.budgets.approve_budget import approve_budget, submit_budget
from funding.usecases.budgets.plan_budget import plan_budget
from funding.usecases.funds.close_period import close_period
from funding.usecases.funds.freeze_fund import freeze_fund, thaw_fund
from funding.usecases.funds.record_grant import record_grant, reverse_entry
from funding.usecases.reallocations.reallocate import approve_reallocation, ask_reallocation

OTHER = "2025"
"""Another session of the same fund."""


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
        if key is not None and (old.participation is not None or old.subject is not None):
            return  # what belongs to a plan or claim is compared with it; a forged double would be one more truth
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

    async def opens_everything(self) -> None:
        """A fund that also reimburses, money for two persons and a class of 40 days in the pot, and another session."""
        fund = await self.opened(reimbursement=STANDARDS)
        await self.allocated(fund, 2)
        for session, lines in ((SESSION, [Line("class-lodging", 1_000_000)]), (OTHER, shares(1))):
            parts = [Contribution("central", sum(line.amount for line in lines))]
            planned = await self.do(
                PREPARER,
                lambda work, s=session, x=lines, p=parts: plan_budget(  # type: ignore[misc]
                    work, fund_id=fund.id, session=s, batch="batch-4", policy="batch-4", lines=x, contributions=p
                ),
            )
            budget = await self.do(PREPARER, lambda work, id=planned.id: submit_budget(work, id))  # type: ignore[misc]
            for step in budget.chain:
                signer = REGIONAL if step.authority == "regional" else MINISTRY
                await self.do(signer, lambda work, id=planned.id: approve_budget(work, id))  # type: ignore[misc]
            await self.do(PREPARER, lambda work, id=planned.id: allocate_budget(work, id))  # type: ignore[misc]
        await registers_class(self)

    async def claims_and_gets(self, first: int, last: int, amount: int, invoice: str, *, steps: int) -> None:
        """A claim for days of the class: handed in (0), and granted (1 and more)."""
        claim = await claims(self, first, last, amount, invoice)
        if steps:
            await grants_claim(self, claim)

    async def reallocates(self, amount: int) -> None:
        """Free money of the other session to this one, signed by the region, whose limit it stays below."""
        shift = Shift("travel", "travel", min(amount, 200_000))
        asked = await self.do(
            PREPARER, lambda work: ask_reallocation(work, giver=OTHER, taker=SESSION, shifts=[shift], reason="needed")
        )
        if asked.state is ReallocationState.IN_APPROVAL:
            await self.do(REGIONAL, lambda work: approve_reallocation(work, asked.id))
