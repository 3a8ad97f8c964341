"""The ledger: postings a second against a plain two-row insert, and statements over up to ten million postings.

`python benchmarks/ledger.py [--postings 100000 1000000 10000000] [--seconds 3]`

Part one books through the service's own path (``FundingUnit`` and ``PostgresBooks``: locks, rules, triggers, audit entry)
one entry of two postings a transaction, and in bulk, beside the plain insert of two rows into a table with a primary
key and nothing else, on the same durable server and one connection. Part two fills the ledger with so many postings
(loaded with the triggers off, balances set from the sums afterwards and compared by the service's own trial balance),
closes every month but the last, and times statements as of three kinds of days; "posting by posting" is the same
statement without the sums that are kept when a month is closed.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from funding.adapters.db.statement import proof
from funding.adapters.db.statements.flows import Horizon, flows
from funding.adapters.db.unit_of_work import FundingUnit
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.ledger.entries import Entry, EntryKind, postings
from shared.embedded_postgres import DURABLE, EmbeddedPostgres
from shared.kernel.actor import system
from shared.kernel.clock import FixedClock
from shared.work.migrations import migrate
from shared.work.unit import Circumstances

FUND = UUID(int=1)
NOON = datetime(2027, 1, 15, 4, tzinfo=UTC)
RUNS = 5
BULK = 500
MONTHS, TERM = 36, 12
PER_PERSON = 4 * (2 + 2 * TERM)
"""Postings of a person: reserved, committed, and twelve times instructed and paid, of two categories each."""

FUND_ROW = """INSERT INTO fund (id, version, state, code, name, programme, policy_version, sources, purposes, opened_by)
    VALUES ('{id}', 0, 'active', 'B', 'B', 'p', 'v', '[]', '["living-allowance", "travel"]', 'x')"""
FILL = """
CREATE TEMP TABLE person AS SELECT n, md5('p' || n)::uuid AS id, 's' || n % 10 AS session, n % {starts} AS first,
    'hosts/H' || n % 50 AS host FROM generate_series(1, {persons}) n;
INSERT INTO period (id, version, state, key) SELECT md5(d::text)::uuid, 0, 'open', to_char(d, 'YYYY-MM')
    FROM generate_series(timestamp '2024-01-01', timestamp '2026-12-01', interval '1 month') d;
INSERT INTO participation (id, state, session, sending_unit, host, fund, story, reserved, lacking, entitled, paid,
    clawed_back) SELECT id, 'committed', session, 'cn/54/' || n % 74 || '/U1', host, '{fund}'::uuid, '{{}}', '{{}}', 0, 0, 0, 0
    FROM person;
CREATE TEMP TABLE cat AS SELECT * FROM (VALUES ('living-allowance', 1200), ('travel', 120)) c (category, total);
CREATE TEMP TABLE step AS
    SELECT 0 AS k, 'reserved' AS kind, 'available' AS a, 'reserved' AS b, 0 AS month, 1 AS day, 1 AS parts
    UNION ALL SELECT 1, 'committed', 'reserved', 'committed', 0, 5, 1
    UNION ALL SELECT 2 * m, 'instructed', 'committed', 'in_transit', m, 5, {term} FROM generate_series(1, {term}) m
    UNION ALL SELECT 2 * m + 1, 'paid', 'in_transit', 'disbursed', m, 7, {term} FROM generate_series(1, {term}) m;
INSERT INTO account (id, fund, kind, owner, category) SELECT md5(n || k || category)::uuid, '{fund}'::uuid, k, id::text, category
    FROM person, cat, unnest(ARRAY['reserved', 'committed', 'in_transit', 'disbursed']) k;
INSERT INTO account (id, fund, kind, owner, category)
    SELECT md5(s || 'available' || category)::uuid, '{fund}'::uuid, 'available', s, category
    FROM cat, (SELECT DISTINCT session AS s FROM person) t;
INSERT INTO account (id, fund, kind, owner, category)
    SELECT md5('u' || category)::uuid, '{fund}'::uuid, 'unallocated', '', category FROM cat;
INSERT INTO account (id, fund, kind, owner) VALUES (md5('src')::uuid, '{fund}'::uuid, 'source', 'central'),
    (md5('gra')::uuid, '{fund}'::uuid, 'granted', 'central');
CREATE TEMP TABLE total AS SELECT session, category, count(*) * total AS fen FROM person, cat GROUP BY session, category, total;
INSERT INTO entry (id, fund, kind, source_key, booked_on, period, posted_by) VALUES
    (md5('e-g')::uuid, '{fund}'::uuid, 'granted', 'g', '2024-01-01', '2024-01', 'x'),
    (md5('e-b')::uuid, '{fund}'::uuid, 'budgeted', 'b', '2024-01-01', '2024-01', 'x'),
    (md5('e-a')::uuid, '{fund}'::uuid, 'allocated', 'a', '2024-01-01', '2024-01', 'x');
INSERT INTO posting (entry, account, fund, amount) SELECT md5('e-g')::uuid, md5(a)::uuid, '{fund}'::uuid, s * (SELECT sum(fen) FROM total)
    FROM (VALUES ('src', -1), ('gra', 1)) v (a, s);
INSERT INTO posting (entry, account, fund, amount) SELECT md5('e-b')::uuid, md5('gra')::uuid, '{fund}'::uuid, -sum(fen) FROM total
    UNION ALL SELECT md5('e-b')::uuid, md5('u' || category)::uuid, '{fund}'::uuid, sum(fen) FROM total GROUP BY category;
INSERT INTO posting (entry, account, fund, amount)
    SELECT md5('e-a')::uuid, md5('u' || category)::uuid, '{fund}'::uuid, -sum(fen) FROM total GROUP BY category
    UNION ALL SELECT md5('e-a')::uuid, md5(session || 'available' || category)::uuid, '{fund}'::uuid, fen FROM total;
INSERT INTO entry (id, fund, kind, source_key, booked_on, period, participation, posted_by, session, subject, payee)
    SELECT md5('e' || n || '.' || k)::uuid, '{fund}'::uuid, kind, n || '.' || k, d, to_char(d, 'YYYY-MM'), id, 'x', session,
        CASE WHEN k > 1 THEN md5('i' || n || '.' || k / 2)::uuid END, CASE WHEN k > 1 THEN host END
    FROM (SELECT *, (date '2024-01-01' + make_interval(months => first + month, days => day + n % 18))::date AS d
        FROM person, step) x ORDER BY d;
INSERT INTO posting (entry, account, fund, amount)
    SELECT md5('e' || n || '.' || s.k)::uuid,
        CASE WHEN side = -1 AND s.a = 'available' THEN md5(session || 'available' || category)::uuid
            ELSE md5(n || CASE WHEN side = 1 THEN s.b ELSE s.a END || category)::uuid END,
        '{fund}'::uuid, side * total / parts
    FROM step s, person, cat, (VALUES (-1), (1)) v (side) ORDER BY first + month;
UPDATE account a SET balance = p.sum FROM (SELECT account, sum(amount) FROM posting GROUP BY account) p WHERE p.account = a.id;
"""


def entry(number: int, *, kind: EntryKind = EntryKind.GRANTED) -> Entry:
    """A grant of one fen: two postings."""
    return Entry(
        id=uuid4(),
        fund=FUND,
        kind=kind,
        source_key=f"bench:{number}:{uuid4()}",
        booked_on=NOON.date(),
        postings=postings(
            (Account(FUND, AccountKind.SOURCE, "central", None), -1),
            (Account(FUND, AccountKind.GRANTED, "central", None), 1),
        ),
        posted_by="bench",
    )


async def rate(act: Callable[[], Awaitable[int]], seconds: float) -> float:
    """Rows a second of an act that says how many rows it wrote."""
    rows, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        rows += await act()
    return rows / (time.perf_counter() - begun)


async def writing(engine: AsyncEngine, seconds: float) -> None:
    """Part one."""
    clock = FixedClock(NOON)
    async with engine.begin() as connection:
        await connection.execute(text(FUND_ROW.format(id=FUND)))
        await connection.execute(
            text("CREATE TABLE plain (entry uuid, account uuid, amount bigint, PRIMARY KEY (entry, account))")
        )

    async def plainly(rows: int) -> int:
        values = [{"e": uuid4(), "a": uuid4(), "x": 1} for _ in range(rows)]
        async with engine.begin() as connection:
            if rows == 2:
                each = {f"{k}{n}": v for n, row in enumerate(values) for k, v in row.items()}
                await connection.execute(text("INSERT INTO plain VALUES (:e0, :a0, :x0), (:e1, :a1, :x1)"), each)
            else:
                await connection.execute(text("INSERT INTO plain VALUES (:e, :a, :x)"), values)
        return rows

    async def booked(entries: int) -> int:
        async with FundingUnit(engine, clock, Circumstances(system("funding"))) as unit:
            await unit.books.post([entry(n) for n in range(entries)])
        return 2 * entries

    acts: dict[str, Callable[[], Awaitable[int]]] = {
        "plain insert, two rows a transaction": lambda: plainly(2),
        "booked, one entry a transaction": lambda: booked(1),
        f"plain insert, {2 * BULK} rows a transaction": lambda: plainly(2 * BULK),
        f"booked, {BULK} entries a transaction": lambda: booked(BULK),
    }
    rates: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(RUNS):
        for name, act in acts.items():
            rates[name].append(await rate(act, seconds))
    medians = {name: statistics.median(found) for name, found in rates.items()}
    print(f"{'rows written a second':<48} {'median':>10} {'of plain':>9}")
    names = list(medians)
    for nth, name in enumerate(names):
        peer = medians[names[nth - nth % 2]]
        print(f"{name:<48} {medians[name]:>10,.0f} {medians[name] / peer:>9.2f}")


def fill(dsn: str, count: int) -> tuple[int, float, float]:
    """Load the ledger; gives the postings, and the seconds to load and to close all months but the last."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        begun = time.perf_counter()
        connection.execute(
            "SET session_replication_role = replica; SET work_mem = '256MB'; SET synchronous_commit = off"
        )
        connection.execute("SET maintenance_work_mem = '512MB'")
        tables = "posting, entry, account, period_flow, period, participation, fund_purpose, fund"
        connection.execute(f"TRUNCATE {tables} CASCADE")
        connection.execute(FUND_ROW.format(id=FUND))
        connection.execute("INSERT INTO fund_purpose VALUES (%s, 'living-allowance'), (%s, 'travel')", (FUND, FUND))
        persons = max(1, count // PER_PERSON)
        for statement in FILL.format(fund=FUND, persons=persons, starts=MONTHS - TERM - 1, term=TERM).split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute("DROP TABLE person, cat, step, total")
        connection.execute("SET session_replication_role = DEFAULT")
        loaded = time.perf_counter() - begun
        connection.execute("VACUUM ANALYZE")
        begun = time.perf_counter()
        connection.execute("UPDATE period SET state = 'closed' WHERE key < '2026-12'")
        closed = time.perf_counter() - begun
        connection.execute("ANALYZE period_flow")
        held = connection.execute("SELECT count(*) FROM posting").fetchone()
        assert held is not None
        return int(held[0]), loaded, closed


async def stating(engine: AsyncEngine, counts: list[int], dsn: str) -> None:
    """Part two."""
    table: dict[str, list[str]] = {}
    for count in counts:
        held, loaded, closed = await asyncio.to_thread(fill, dsn, count)
        async with engine.connect() as connection:
            books = await proof(connection)
            assert books.balanced, books
            kept = (await connection.execute(text("SELECT count(*) FROM period_flow"))).scalar_one()
            moment = (await connection.execute(text("SELECT max(updated_at) FROM entry"))).scalar_one()
            head = {"postings": f"{held:,}", "loaded in s": f"{loaded:.0f}", "35 months closed in s": f"{closed:.1f}",
                    "cells kept": f"{kept:,}"}  # fmt: skip
            for name, said in head.items():
                table.setdefault(name, []).append(said)
            for name, milliseconds in (await _statements(connection, moment, few=count > 2_000_000)).items():
                table.setdefault(name, []).append(f"{milliseconds:,.0f} ms")
    print()
    for name, cells in table.items():
        print(f"{name:<52}" + "".join(f"{cell:>16}" for cell in cells))


async def _statements(connection: AsyncConnection, moment: Any, *, few: bool) -> dict[str, float]:
    last, inside = date(2026, 12, 31), date(2025, 7, 15)
    asked: dict[str, tuple[Horizon, tuple[str, ...]]] = {
        "today, whole": (Horizon(last), ()),
        "today, by session and category": (Horizon(last), ("session", "category")),
        "today, by payee": (Horizon(last), ("payee",)),
        "today, by area": (Horizon(last), ("area",)),
        "end of a closed month, by category": (Horizon(date(2025, 6, 30)), ("category",)),
        "middle of a closed month, by category": (Horizon(inside), ("category",)),
        "as known before closing (posting by posting)": (Horizon(last, moment), ("category",)),
    }
    found = {}
    for name, (horizon, by) in asked.items():
        times = []
        for _ in range(2 if few and "posting by posting" in name else RUNS):
            begun = time.perf_counter()
            rows = await flows(connection, horizon, by, fund=FUND)
            times.append(1000 * (time.perf_counter() - begun))
            assert sum(row.amount for row in rows) == 0
        found[name] = statistics.median(times)
    return found


def main() -> None:
    """Both parts on one server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postings", type=int, nargs="*", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--seconds", type=float, default=3.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", settings=DURABLE)
        server.start()
        try:
            server.create_database("funding", owner="funding")
            migrate("funding", server.uri("funding"))
            asyncio.run(measure(server, asked.postings, asked.seconds))
        finally:
            server.stop()


async def measure(server: EmbeddedPostgres, counts: list[int], seconds: float) -> None:
    """Rates, then statements."""
    engine = create_async_engine(server.uri("funding"), pool_size=2)
    await writing(engine, seconds)
    await stating(engine, counts, server.dsn("funding"))
    await engine.dispose()


if __name__ == "__main__":
    main()
