"""A finance office in memory: every use case as one line, by the right person, on the day that it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal, TypeVar
from uuid import UUID

import yaml

from funding.domain.budgets.budget import Budget, Contribution, Line
from funding.domain.budgets.fund import Fund, Source
from funding.domain.payments.disbursement import Disbursement
from funding.domain.payments.instalment import Instalment, InstalmentState
from funding.domain.payments.returns import ReturnLine
from funding.domain.standing.story import (
    Arrival,
    Certificate,
    Change,
    Ending,
    Leaving,
    Placing,
    Result,
    Selection,
    Story,
)
from funding.testing.memory import FundingMemory, Shelf
from funding.usecases.budgets.allocate_budget import allocate_budget
from funding.usecases.budgets.approve_budget import approve_budget, submit_budget
from funding.usecases.budgets.plan_budget import plan_budget
from funding.usecases.funds.open_fund import open_fund
from funding.usecases.funds.record_grant import record_grant
from funding.usecases.participations.hear import hear, hear_selected
from funding.usecases.payments.book_return import Booked, book_return
from funding.usecases.payments.instruct_disbursement import instruct_disbursement
from funding.usecases.payments.raise_due import raise_due
from funding.usecases.payments.recover_clawback import Recovery, recover_clawbacks
from funding.usecases.payments.sign import Choice, approve_instalments, prepare_instalments
from funding.usecases.policies.apply_policy import apply_policy
from shared.kernel.actor import Actor, Role, system

R = TypeVar("R")
PROGRAMME = "tibet-special-training"
SESSION = "2024"
PER_HEAD = 2_000_000
"""The rate of the policy, in fen."""
PREPARER = Actor("preparer", "cn/54", frozenset({Role.FINANCE_PREPARER}))
REGIONAL = Actor("regional-approver", "cn/54", frozenset({Role.FINANCE_APPROVER}))
MINISTRY = Actor("ministry-approver", "cn", frozenset({Role.FINANCE_APPROVER}))
TREASURER = Actor("treasurer", "cn-treasury", frozenset({Role.TREASURER}))
START, END = date(2024, 7, 1), date(2025, 6, 30)


def policy_content(version: str) -> dict[str, Any]:
    """The content of ``programmes/tibet-special-training/<version>/funding.yaml``."""
    root = next(each for each in Path(__file__).resolve().parents if (each / "programmes").is_dir())
    content: dict[str, Any] = yaml.safe_load((root / f"programmes/{PROGRAMME}/{version}/funding.yaml").read_text())
    return content


def shares(persons: int) -> list[Line]:
    """Budget lines for so many whole terms."""
    rates = {"host-training-fee": 800_000, "living-allowance": 900_000, "travel": 200_000, "insurance": 100_000}
    return [Line(category, amount * persons) for category, amount in rates.items()]


class Office:
    """Everybody who handles the money of one session, and the day of the calendar."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.today = date(2024, 3, 1)
        self.told: list[Any] = []
        self.heard = 0

    async def do(self, actor: Actor, act: Callable[[FundingMemory], Awaitable[R]]) -> R:
        """One unit of work."""
        work = FundingMemory(actor, datetime.combine(self.today, time(4), UTC), self.shelf)
        async with work:
            result = await act(work)
        self.told += work.announced
        return result

    async def opened(self, granted: int = 1_000_000_000, **changed: Any) -> Fund:
        """Policies applied (members ``changed`` in the last), a fund opened and granted that much by each of two sources."""
        for version, more in (("batch-3", {}), ("batch-4", changed)):
            content = policy_content(version) | more
            await self.do(REGIONAL, lambda work, v=version, c=content: apply_policy(work, PROGRAMME, v, c))  # type: ignore[misc]
        sources = [Source("central", "中央财政"), Source("regional", "自治区财政")]
        fund = await self.do(
            PREPARER,
            lambda work: open_fund(
                work, code="TST4", name="特培经费", programme=PROGRAMME, policy="batch-4", sources=sources
            ),
        )
        for source in ("central", "regional"):
            await self.do(
                TREASURER,
                lambda work, s=source: record_grant(  # type: ignore[misc]
                    work, fund.id, source=s, amount=granted, reference=f"doc-{s}", granted_on=self.today
                ),
            )
        return fund

    async def planned(self, fund: Fund, lines: list[Line]) -> Budget:
        """A planned budget, three quarters of it central."""
        total = sum(line.amount for line in lines)
        parts = [Contribution("central", total * 3 // 4), Contribution("regional", total - total * 3 // 4)]
        return await self.do(
            PREPARER,
            lambda work: plan_budget(
                work, fund_id=fund.id, session=SESSION, batch="batch-4", policy="batch-4", lines=lines,
                contributions=parts,
            ),
        )  # fmt: skip

    async def approved(self, fund: Fund, lines: list[Line]) -> Budget:
        """A budget that passed its whole chain."""
        planned = (await self.planned(fund, lines)).id
        budget = await self.do(PREPARER, lambda work: submit_budget(work, planned))
        for step in budget.chain:
            signer = REGIONAL if step.authority == "regional" else MINISTRY
            budget = await self.do(signer, lambda work: approve_budget(work, planned))
        return budget

    async def allocated(self, fund: Fund, persons: int) -> Budget:
        """Money for so many persons in the session's pot."""
        budget = await self.approved(fund, shares(persons))
        return await self.do(PREPARER, lambda work: allocate_budget(work, budget.id))

    async def selected(self, who: UUID, version: int = 1) -> None:
        """The event ``selected``."""
        heard = Selection(version, START, END)
        await self.do(
            system("funding"),
            lambda work: hear_selected(
                work, who, cause=self.cause(), programme=PROGRAMME, batch="batch-4", session=SESSION,
                account=f"acc-{who}", sending_unit="cn/54/5401/U0001", keep=lambda story: story.hear_selected(heard),
            ),
        )  # fmt: skip

    async def hears(self, who: UUID, keep: Callable[[Story], None]) -> None:
        """Any other event."""
        await self.do(system("funding"), lambda work: hear(work, who, cause=self.cause(), keep=keep))

    def cause(self) -> str:
        """A new event id."""
        self.heard += 1
        return f"event-{self.heard}"

    async def placed(self, who: UUID, host: str = "hosts/H001", province: str = "11") -> None:
        """The event ``placed``."""
        await self.hears(who, lambda story: setattr(story, "placing", Placing(host, province, START, END)))

    async def arrived(self, who: UUID, on: date = START, *, late: bool = False) -> None:
        """The event ``placement.arrived``."""
        await self.hears(who, lambda story: setattr(story, "arrival", Arrival("hosts/H001", on, late)))

    async def transferred(self, who: UUID, host: str, on: date, end: date = END) -> None:
        """The event ``placement.changed``."""
        await self.hears(who, lambda story: story.hear_changed(Change(f"change-{on}", on, host, end)))

    async def ended(
        self,
        who: UUID,
        kind: Literal["normal", "early", "before_start", "no_show"] = "normal",
        on: date = END,
        days: int = 365,
    ) -> None:
        """The event ``placement.ended``."""
        started = kind in ("normal", "early")
        ending = Ending(started, on, kind, "personal-reasons", days)
        await self.hears(who, lambda story: setattr(story, "ending", ending))

    async def withdrawn(self, who: UUID) -> None:
        """The event ``application.withdrawn`` after selection."""
        await self.hears(who, lambda story: setattr(story, "withdrawn", Leaving("family-reasons")))

    async def deselected(self, who: UUID, version: int) -> None:
        """The event ``deselected``."""
        await self.hears(who, lambda story: story.hear_deselected(Leaving("amended", version)))

    async def assessed(self, who: UUID, *, passed: bool = True, on: date = date(2025, 7, 10)) -> None:
        """The event ``assessed``."""
        await self.hears(who, lambda story: story.hear_result(Result(passed, on)))

    async def certified(self, who: UUID, on: date = date(2025, 7, 20)) -> None:
        """The event ``certified``."""
        await self.hears(who, lambda story: story.hear_certificate(Certificate(_certificate(who), on)))

    async def revoked(self, who: UUID, on: date = date(2025, 12, 1)) -> None:
        """The event ``certificate.revoked``."""
        await self.hears(who, lambda story: story.hear_certificate(Certificate(_certificate(who), None, on)))

    async def raises_due(self) -> list[Instalment]:
        """The due clock ticks."""
        return await self.do(system("funding"), raise_due)

    async def signs(self) -> None:
        """Everything due is prepared and approved."""
        await self.do(PREPARER, lambda work: prepare_instalments(work, Choice(SESSION)))
        await self.do(REGIONAL, lambda work: approve_instalments(work, Choice(SESSION)))

    async def instructs(self) -> Disbursement:
        """Everything approved goes to the treasury."""
        return await self.do(TREASURER, lambda work: instruct_disbursement(work, SESSION, None))

    async def treasury_says(self, batch: Disbursement, outcome: Literal["paid", "rejected"]) -> Booked:
        """The same word on every line."""
        lines = [ReturnLine(line.reference, outcome, self.today) for line in batch.lines]
        return await self.do(TREASURER, lambda work: book_return(work, batch.id, lines))

    async def pays(self) -> None:
        """From due to paid."""
        await self.signs()
        await self.treasury_says(await self.instructs(), "paid")

    async def recovers(self) -> None:
        """Everything that is to come back does."""
        owing = [x for x in self.shelf.instalments.values() if x.state is InstalmentState.AWAITING_CLAWBACK]
        lines = [Recovery(x.id, sum(x.outstanding.values()), self.today, _slip(x)) for x in owing]
        await self.do(TREASURER, lambda work: recover_clawbacks(work, lines))

    def plan_of(self, who: UUID) -> list[tuple[str, str, int]]:
        """(milestone, state, fen) of a person's instalments, in order."""
        own = [each for each in self.shelf.instalments.values() if each.participation == who]
        own.sort(key=lambda each: (each.sequence, each.revision))
        return [(each.milestone, str(each.state), each.amount) for each in own]

    def sums(self) -> dict[str, int]:
        """Fen by kind of account."""
        found: dict[str, int] = {}
        for account, amount in self.shelf.balances().items():
            found[account.kind] = found.get(account.kind, 0) + amount
        return {kind: amount for kind, amount in found.items() if amount}

    def facts(self, kind: type[R]) -> list[R]:
        """What was announced of one kind."""
        return [fact for fact in self.told if isinstance(fact, kind)]


def _slip(instalment: Instalment) -> str:
    """The bank's document: another one for every time something comes back."""
    before = sum(instalment.recovered.values())
    return f"slip-{before}" if before else "slip"


def _certificate(who: UUID) -> UUID:
    return UUID(int=who.int ^ 1)
