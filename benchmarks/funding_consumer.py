"""Funding's consumer, event by event and kind by kind, beside plain inserts of as many rows; one PostgreSQL with fsync.

Every event has a real effect: it is deduplicated, ordered, taken into the story of its participation, and what follows
is booked in double entry with audit and outbox. Batches of ``batch`` records are applied in one transaction each, as the
consumer does; the event log itself is left out. The peer inserts, for every event, one entry and its postings into
tables without triggers, row by row and then all rows of a batch in one statement.

    python benchmarks/funding_consumer.py [persons] [batch] [rounds]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.events.consuming import CONSUMES
from funding.domain.budgets.budget import Contribution, Line
from funding.domain.budgets.fund import Source
from funding.testing import counter
from funding.testing.office import MINISTRY, PREPARER, REGIONAL, SESSION, TREASURER, policy_content
from funding.usecases.budgets.allocate_budget import allocate_budget
from funding.usecases.budgets.approve_budget import approve_budget, submit_budget
from funding.usecases.budgets.plan_budget import plan_budget
from funding.usecases.funds.open_fund import open_fund
from funding.usecases.funds.record_grant import record_grant
from funding.usecases.policies.apply_policy import apply_policy
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.embedded_postgres import DURABLE, EmbeddedPostgres
from shared.kernel.actor import Actor, system
from shared.messaging.applying import Applier
from shared.messaging.incoming import Incoming
from shared.work.migrations import migrate
from shared.work.unit import Circumstances

PROGRAMME = "tibet-special-training"
STEPS = (counter.selected, counter.placed, counter.arrived, counter.ended, counter.assessed, counter.certified)
RATES = {"host-training-fee": 800_000, "living-allowance": 900_000, "travel": 200_000, "insurance": 100_000}


class Day:
    """A clock that stands still after the end of the term."""

    def now(self) -> datetime:
        """The moment."""
        return datetime(2025, 8, 1, 4, tzinfo=UTC)


class Office:
    """The service without its web face."""

    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(url, pool_size=5)

    async def do(self, actor: Actor, act: Any) -> Any:
        """One command."""
        async with FundingUnit(self.engine, Day(), Circumstances(actor)) as work:
            return await act(work)

    async def opened(self, persons: int) -> None:
        """A session with money for everybody."""
        for version in ("batch-3", "batch-4"):
            content = policy_content(version)
            await self.do(REGIONAL, lambda w, v=version, c=content: apply_policy(w, PROGRAMME, v, c))
        fund = await self.do(
            PREPARER,
            lambda w: open_fund(
                w, code="B", name="基准", programme=PROGRAMME, policy="batch-4", sources=[Source("central", "中央财政")]
            ),
        )
        total = persons * sum(RATES.values())
        day = date(2025, 8, 1)
        await self.do(
            TREASURER,
            lambda w: record_grant(w, fund.id, source="central", amount=total, reference="doc", granted_on=day),
        )
        lines = [Line(category, amount * persons) for category, amount in RATES.items()]
        budget = await self.do(
            PREPARER,
            lambda w: plan_budget(
                w, fund_id=fund.id, session=SESSION, batch="batch-4", policy="batch-4", lines=lines,
                contributions=[Contribution("central", total)],
            ),
        )  # fmt: skip
        budget = await self.do(PREPARER, lambda w: submit_budget(w, budget.id))
        for step in budget.chain:
            signer = REGIONAL if step.authority == "regional" else MINISTRY
            await self.do(signer, lambda w: approve_budget(w, budget.id))
        await self.do(PREPARER, lambda w: allocate_budget(w, budget.id))

    async def hears(self, events: Sequence[Incoming], batch: int) -> float:
        """Events per second."""
        applier = Applier("funding", CONSUMES)
        began = time.perf_counter()
        for start in range(0, len(events), batch):
            some = events[start : start + batch]
            circumstances = Circumstances(system("funding"), seed=f"funding:{some[0].event_id}")
            async with FundingUnit(self.engine, Day(), circumstances) as work:
                outcome = await applier.apply(work, some)
            if outcome.applied != len(some):
                raise RuntimeError(f"{outcome.applied} of {len(some)} applied")
        return len(events) / (time.perf_counter() - began)


def as_read(event: Event, numbers: dict[tuple[str, str], int]) -> Incoming:
    """The event as it comes out of the log, with its number in its stream."""
    stream = (f"/{event.service}", str(event.subject))
    numbers[stream] = numbers.get(stream, 0) + 1
    event_id = uuid4()
    envelope = Envelope(
        str(event_id), stream[0], event.type_name(), stream[1], datetime(2025, 8, 1, tzinfo=UTC), numbers[stream]
    )
    return Incoming("t", 0, numbers[stream], event_id, envelope, {}, event.model_dump_json().encode())


async def peer(dsn: str, rows: int, batch: int) -> tuple[float, float]:
    """Events per second of plain inserts: one entry and eight postings each, row by row and by the batch."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "DROP TABLE IF EXISTS plain_posting, plain_entry; "
        "CREATE TABLE plain_entry (id uuid PRIMARY KEY, fund uuid, kind text, source_key text UNIQUE, booked_on date);"
        "CREATE TABLE plain_posting (entry uuid, account uuid, amount bigint, PRIMARY KEY (entry, account))"
    )
    one = "INSERT INTO plain_entry VALUES ($1, $2, 'reserved', $3, '2025-08-01')"
    side = "INSERT INTO plain_posting VALUES ($1, $2, $3)"
    rates = []
    for together in (False, True):
        began = time.perf_counter()
        for start in range(0, rows, batch):
            made = [uuid4() for _ in range(min(batch, rows - start))]
            sides = [(entry, uuid4(), amount) for entry in made for amount in (1, -1) * 4]
            heads = [(entry, UUID(int=1), str(entry)) for entry in made]
            async with connection.transaction():
                if together:
                    await connection.executemany(one, heads)
                    await connection.executemany(side, sides)
                    continue
                for nth, head in enumerate(heads):
                    await connection.execute(one, *head)
                    for each in sides[nth * 8 : nth * 8 + 8]:
                        await connection.execute(side, *each)
        rates.append(rows / (time.perf_counter() - began))
    await connection.close()
    return rates[0], rates[1]


async def run(postgres: EmbeddedPostgres, persons: int, batch: int, rounds: int) -> None:
    """Print the table."""
    found: dict[str, list[float]] = {}
    for nth in range(rounds):
        name = f"funding{nth}"
        postgres.create_database(name, owner=name)
        migrate("funding", postgres.uri(name, user=name, driver="psycopg"))
        office = Office(postgres.uri(name, user=name))
        await office.opened(persons)
        people = [uuid4() for _ in range(persons)]
        numbers: dict[tuple[str, str], int] = {}
        for step in STEPS:
            events = [as_read(step(who), numbers) for who in people]
            found.setdefault(events[0].envelope.type, []).append(await office.hears(events, batch))
        single, together = await peer(postgres.dsn(name, user=name), persons, batch)
        found.setdefault("plain inserts, row by row", []).append(single)
        found.setdefault("plain inserts, by the batch", []).append(together)
        await office.engine.dispose()
    limit = statistics.median(found["plain inserts, row by row"])
    print(f"{persons} persons, batches of {batch}, median of {rounds} rounds")
    print(f"{'':44}{'events/s':>10}{'of row by row':>15}")
    for name, rates in found.items():
        print(f"{name:44}{statistics.median(rates):>10.0f}{statistics.median(rates) / limit:>15.2f}")


def main() -> None:
    """Run with the numbers of the command line."""
    arguments = argparse.ArgumentParser(description="Funding's consumer beside plain inserts.")
    for name, usual in (("persons", 500), ("batch", 500), ("rounds", 3)):
        arguments.add_argument(name, nargs="?", type=int, default=usual)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        postgres = EmbeddedPostgres(Path(directory), settings=DURABLE)
        postgres.start()
        try:
            asyncio.run(run(postgres, given.persons, given.batch, given.rounds))
        finally:
            postgres.stop()


if __name__ == "__main__":
    main()
