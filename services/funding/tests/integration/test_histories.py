"""Random histories lived twice, in memory and on PostgreSQL, end with the same books."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from funding.adapters.db.unit_of_work import FundingUnit
from funding.domain.payments.instalment import InstalmentState
from funding.testing.bureau import Bureau
from funding.testing.counter import Counter
from funding.testing.office import START, TREASURER
from funding.testing.stories import STORIES
from funding.usecases.payments.recover_clawback import Recovery, recover_clawbacks
from shared.kernel.actor import system
from shared.kernel.clock import FixedClock
from shared.kernel.refusals import Refusal
from shared.work.unit import Circumstances

PEOPLE = [UUID(int=(1 << 70) + 2 * n) for n in range(3)]


class DatabaseBureau(Bureau):
    """The same office, whose units of work are on PostgreSQL."""

    def __init__(self, engine: Any) -> None:
        super().__init__()
        self.engine = engine

    async def do(self, actor: Any, act: Any) -> Any:
        clock = FixedClock(datetime.combine(self.today, time(4), UTC))
        async with FundingUnit(self.engine, clock, Circumstances(actor)) as unit:
            return await act(unit)

    async def recovers(self) -> None:
        async def owing(work: Any) -> list[Any]:
            return list(await work.instalments.list(state=InstalmentState.AWAITING_CLAWBACK))

        found = await self.do(system("funding"), owing)
        lines = [Recovery(x.id, sum(x.outstanding.values()), self.today, "slip") for x in found]
        await self.do(TREASURER, lambda work: recover_clawbacks(work, lines))


async def live(office: Bureau, seed: int) -> list[bool]:
    """A history drawn from a seed: facts of three stories and the office's work between them; what was refused."""
    drawn = random.Random(seed)
    fund = await office.opened()
    await office.allocated(fund, 2)
    office.today = START
    left = [(who, fact) for who in PEOPLE for fact in drawn.choice(list(STORIES.values()))]
    drawn.shuffle(left)
    done = []
    while left:
        who, fact = left.pop()
        done.append(await _tried(fact(office, who)))
        act = drawn.choice(["nothing", "pay", "reject", "recover", "due", "close", "money", "again"])
        if act == "pay":
            done.append(await _tried(office.pays()))
        elif act == "reject":
            done.append(await _tried(_rejected(office)))
        elif act == "recover":
            done.append(await _tried(office.recovers()))
        elif act == "due":
            office.today += timedelta(drawn.choice([0, 40, 190]))
            done.append(await _tried(office.raises_due()))
        elif act == "close":
            done.append(await _tried(office.closes_month(f"{office.today - timedelta(31):%Y-%m}")))
        elif act == "money":
            done.append(await _tried(office.grants(fund.id, drawn.randint(0, 500), f"doc-{drawn.randint(1, 3)}")))
        elif act == "again":
            left.append((who, fact))
    return done


async def _rejected(office: Bureau) -> None:
    await office.signs()
    await office.treasury_says(await office.instructs(), "rejected")


async def _tried(work: Any) -> bool:
    try:
        await work
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("seed", range(8))
async def test_a_history_ends_the_same_in_memory_and_in_the_database(counter: Counter, seed: int) -> None:
    """The same is refused, and every account of every person holds the same fen; no month that is closed differs."""
    memory, database = Bureau(), DatabaseBureau(counter.service.running.engine)

    assert await live(memory, seed) == await live(database, seed)

    held = {
        (str(account.kind), account.owner, account.category): amount
        for account, amount in memory.shelf.balances().items()
        if amount
    }
    async with counter.service.running.engine.connect() as connection:
        rows = await connection.execute(text("SELECT kind, owner, category, balance FROM account WHERE balance <> 0"))
        assert {(row.kind, row.owner, row.category): row.balance for row in rows} == held
    assert await counter.is_balanced()
    assert date(2024, 7, 1) <= memory.today == database.today
