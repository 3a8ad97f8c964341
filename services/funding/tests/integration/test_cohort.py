"""The road of a session through the real routes."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from funding.testing.counter import (
    AUDITOR,
    PREPARER,
    REGIONAL,
    TREASURER,
    Counter,
    arrived,
    assessed,
    certified,
    ended,
    placed,
    selected,
)  # fmt: skip
from funding.testing.office import SESSION, START


async def a_placed_person(counter: Counter, persons: int = 2) -> UUID:
    who = uuid4()
    await counter.allocated(await counter.fund(), persons)
    counter.set_day(START)
    await counter.hears(selected(who), placed(who), arrived(who))
    return who


async def test_a_participation_from_reservation_to_settlement(counter: Counter) -> None:
    """The whole road of one person; the books balance and the statement shows it."""
    who = await a_placed_person(counter)
    await counter.pays()
    counter.set_day(date(2025, 1, 2))
    raised = await counter.post(PREPARER, "/instalments/raise-due", {"session": SESSION})
    await counter.pays()
    counter.set_day(date(2025, 7, 21))
    await counter.hears(ended(who), assessed(who), certified(who))
    await counter.pays()

    shown = await counter.get(f"/participations/{who}")
    fund = shown["fund"]
    statement = await counter.get(f"/funds/{fund}/statement")

    assert raised["count"] == 1
    assert (shown["state"], shown["paid"]["amount"], shown["entitled"]["amount"]) == ("settled", "20000.00", "20000.00")
    assert [x["amount"]["amount"] for x in shown["instalments"]] == ["9800.00", "6800.00", "3400.00"]
    assert statement["disbursed"]["amount"] == "20000.00"
    trail = "SELECT count(*) FROM entry e WHERE EXISTS (SELECT 1 FROM audit WHERE object_id = e.id::text)"
    assert await counter.service.scalar(trail) == await counter.service.scalar("SELECT count(*) FROM entry")
    assert statement["by_source"][0] == {
        "source": "central",
        "granted": {"amount": "10000000.00", "currency": "CNY"},
        "approved": {"amount": "30000.00", "currency": "CNY"},
        "returned": {"amount": "0.00", "currency": "CNY"},
        "unbudgeted": {"amount": "9970000.00", "currency": "CNY"},
    }
    assert await counter.is_balanced()
    assert [x["type"] for x in await counter.service.outbox()] == [
        "budget.approved", "budget.allocated", "funding.reserved", "funding.committed", "instalment.due", "instalment.paid", "instalment.due",
        "instalment.paid", "instalment.due", "instalment.paid", "funding.settled",
    ]  # fmt: skip


async def test_a_hundred_and_eighty_at_once_in_less_than_a_second_each(counter: Counter) -> None:
    """Bulk commands of a whole session cost the service less than a second each, however busy the machine is."""
    people = [uuid4() for _ in range(180)]
    await counter.allocated(await counter.fund(), 180)
    counter.set_day(START)
    for who in people:
        await counter.hears(selected(who), placed(who), arrived(who))
    took: dict[str, tuple[float, float]] = {}

    async def timed(name: str, act: Awaitable[Any]) -> Any:
        wall, own = time.perf_counter(), time.process_time()
        answer = await act
        took[name] = (time.perf_counter() - wall, time.process_time() - own)
        return answer

    prepared = await timed("prepare", counter.post(PREPARER, "/instalments/prepare", {"session": SESSION}))
    await timed("approve", counter.post(REGIONAL, "/instalments/approve", {"session": SESSION}))
    batch = await timed("instruct", counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=201))
    file = counter.return_file(batch)
    booked = await timed("return", counter.post(TREASURER, f"/disbursements/{batch['id']}/returns", file))
    counter.set_day(date(2025, 1, 2))
    raised = await timed("raise", counter.post(PREPARER, "/instalments/raise-due", {}))

    assert (prepared["count"], booked["paid"], raised["count"]) == (180, 180, 180)
    assert booked["disbursement"]["state"] == "confirmed"
    assert max(own for _, own in took.values()) < 1.0, took
    assert await counter.is_balanced()


async def test_lists_are_pages_and_the_auditor_sees_all(counter: Counter) -> None:
    """Every collection answers with a page; the auditor reads and changes nothing (F-06)."""
    who = await a_placed_person(counter)
    for path in ("/funds", "/budgets", "/allocations", "/participations", "/instalments", "/disbursements", "/entries",
                 "/accounts", "/periods"):  # fmt: skip
        page = await counter.get(path)
        assert set(page) == {"items", "next_cursor", "watermark"}

    listed = (await counter.get(f"/entries?participation={who}"))["items"]
    entries = (await counter.get(f"/participations/{who}"))["entries"]
    account = entries[0]["postings"][0]["account"]
    postings = (await counter.get(f"/accounts/{account}/postings"))["items"]

    assert [entry["kind"] for entry in entries] == ["reserved", "committed"]
    assert {entry["id"] for entry in listed} == {entry["id"] for entry in entries}
    assert postings
    await counter.post(AUDITOR, "/instalments/prepare", {"session": SESSION}, status=403)
