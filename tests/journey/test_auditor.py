"""The auditor finds what is broken on purpose: each invariant goes red once, and is mended again."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest

from talent_local import client
from talent_local.auditing.books import check_books
from talent_local.cohort.audit import violations
from talent_local.running.servers import postgres

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

BREACHES = {
    "a settled participation that was paid too little": (
        "I4", "funding", "participation", "WHERE state = 'settled'", "paid = paid - 100", "paid = paid + 100",
    ),
    "an event that did not come through the log": (
        "I3", "gateway", "feed", "WHERE source = '/placement'", "source = '/nowhere'", "source = '/placement'",
    ),
    "an event that was never applied": (
        "I5", "assessment", "aggregate_cursor", "WHERE source = '/placement'", "last_seq = last_seq - 1", "last_seq = last_seq + 1",
    ),
    "a case that was forgotten": (
        "I7", "placement", "placement", "WHERE state = 'returned_to_post'", "state = 'active'", "state = 'returned_to_post'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("breach", BREACHES)
async def test_the_auditor_sees_it(carried: Any, breach: str) -> None:
    """A check that cannot fail proves nothing. Entries, postings and accounts are not here: the database refuses it."""
    invariant, service, table, where, harm, mend = BREACHES[breach]
    with psycopg.connect(postgres(carried.home).dsn(service, user=service), autocommit=True) as connection:
        key = "aggregate_id" if table == "aggregate_cursor" else "position" if table == "feed" else "id"
        found = connection.execute(f"SELECT {key} FROM {table} {where} ORDER BY {key} LIMIT 1").fetchone()
        assert found is not None
        same_source = " AND source = '/placement'" if table == "aggregate_cursor" else ""
        connection.execute(f"UPDATE {table} SET {harm} WHERE {key} = %s{same_source}", found)
        try:
            seen = await asyncio.to_thread(violations, carried.home)
        finally:
            connection.execute(f"UPDATE {table} SET {mend} WHERE {key} = %s{same_source}", found)

    assert any(sentence.startswith(invariant) for sentence in seen), seen
    assert await asyncio.to_thread(violations, carried.home) == []


async def test_the_books_recomputed_from_outside_hold(carried: Any) -> None:
    """F-06: `talent audit verify --books` reads journal, accounts, months and statements and finds nothing amiss."""
    bearer = await asyncio.to_thread(client.token, carried.home, username="auditor")

    assert await asyncio.to_thread(check_books, carried.home, bearer) == []
