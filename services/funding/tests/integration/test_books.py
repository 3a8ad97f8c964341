"""The database's own walls, races, and events in any order and number."""

from __future__ import annotations

import random
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from funding.testing.counter import (
    PREPARER,
    REGIONAL,
    TREASURER,
    Counter,
    arrived,
    assessed,
    certified,
    deselected,
    ended,
    placed,
    revoked,
    selected,
    withdrawn,
    yuan,
)  # fmt: skip
from funding.testing.office import SESSION, START
from shared.contracts.event import Event


async def paid_person(counter: Counter) -> UUID:
    who = uuid4()
    await counter.allocated(await counter.fund(), 2)
    counter.set_day(START)
    await counter.hears(selected(who), placed(who), arrived(who))
    await counter.pays()
    return who


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE posting SET amount = amount + 1",
        "DELETE FROM posting",
        "UPDATE entry SET posted_by = 'somebody else'",
        "DELETE FROM entry",
        "UPDATE account SET balance = balance + 1",
        "DELETE FROM account",
        "DELETE FROM fund_purpose",
        "TRUNCATE posting",
    ],
)
async def test_the_ledger_is_append_only_for_sql_too(counter: Counter, statement: str) -> None:
    """Postings, entries, balances and purposes are never changed or deleted, whoever asks."""
    await counter.fund()

    async def rewrite() -> None:
        async with counter.service.running.engine.begin() as connection:
            await connection.execute(text(statement))

    with pytest.raises(DBAPIError, match="append-only"):
        await rewrite()

    assert await counter.is_balanced()


@pytest.mark.parametrize(
    ("category", "amounts", "message"),
    [
        ("travel", (100, -99), "not balanced"),
        ("travel", (100, None), "not balanced"),
        ("travel", (-(10**12), 10**12), "no_overdraft"),
        ("banquets", (100, -100), "purpose"),
        (None, (100, -100), "ck_account_purpose"),
    ],
)
async def test_sql_cannot_post_what_the_rules_forbid(
    counter: Counter, category: str | None, amounts: tuple[int, int | None], message: str
) -> None:
    """Unbalanced, overdrawn or off-purpose entries are refused by the database itself."""
    fund = await counter.fund()
    accounts = [uuid4(), uuid4()]

    async def forge() -> None:
        async with counter.service.running.engine.begin() as connection:
            for id, owner in zip(accounts, ("a", "b"), strict=True):
                await connection.execute(
                    text("INSERT INTO account (id, fund, kind, owner, category) VALUES (:i, :f, 'available', :o, :c)"),
                    {"i": id, "f": fund, "o": owner, "c": category},
                )
            entry = uuid4()
            await connection.execute(
                text(
                    "INSERT INTO entry (id, fund, kind, source_key, booked_on, period, posted_by) "
                    "VALUES (:e, :f, 'granted', 'forged', '2024-03-02', '2024-03', 'me')"
                ),
                {"e": entry, "f": fund},
            )
            rows = [(a, x) for a, x in zip(accounts, amounts, strict=True) if x is not None]
            values = ", ".join(f"(:e, '{account}', :f, {amount})" for account, amount in rows)
            statement = text(f"INSERT INTO posting (entry, account, fund, amount) VALUES {values}")
            await connection.execute(statement, {"e": entry, "f": fund})

    with pytest.raises(IntegrityError, match=message):
        await forge()


async def test_an_entry_cannot_be_added_to_later(counter: Counter) -> None:
    """Even balanced postings cannot be slipped into an entry alone; a lone one breaks the sum."""
    fund = await counter.fund()
    entry = await counter.service.scalar("SELECT id FROM entry LIMIT 1")
    account = uuid4()

    async def slip_in() -> None:
        async with counter.service.running.engine.begin() as connection:
            await connection.execute(
                text(
                    "INSERT INTO account (id, fund, kind, owner, category) VALUES (:i, :f, 'available', 'x', 'travel')"
                ),
                {"i": account, "f": fund},
            )
            await connection.execute(
                text("INSERT INTO posting (entry, account, fund, amount) VALUES (:e, :a, :f, 5)"),
                {"e": entry, "a": account, "f": fund},
            )

    with pytest.raises(IntegrityError, match="not balanced"):
        await slip_in()


async def test_one_of_two_treasurers_pays(counter: Counter) -> None:
    """Two batches at once: one takes the instalments, the other finds nothing; each is paid once."""
    who = uuid4()
    await counter.allocated(await counter.fund(), 1)
    counter.set_day(START)
    await counter.hears(selected(who), placed(who), arrived(who))
    await counter.post(PREPARER, "/instalments/prepare", {"session": SESSION})
    await counter.post(REGIONAL, "/instalments/approve", {"session": SESSION})

    answers = await counter.service.race(
        [counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=None) for _ in range(4)]
    )
    batch = next(answer.json() for answer in answers if answer.status_code == 201)
    file = counter.return_file(batch)
    path = f"/disbursements/{batch['id']}/returns"
    returns = await counter.service.race([counter.post(TREASURER, path, file, status=None) for _ in range(4)])

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert sorted((a.json()["paid"], a.json()["unchanged"]) for a in returns) == [(0, 1)] * 3 + [(1, 0)]
    assert await counter.service.scalar("SELECT count(*) FROM entry WHERE kind = 'paid'") == 1
    assert await counter.is_balanced()


async def test_the_last_place_of_an_allocation_is_given_once(counter: Counter) -> None:
    """Two people selected at once for money for one: one is reserved, the other waits; nothing is overdrawn."""
    import asyncio

    await counter.allocated(await counter.fund(), 1)
    await asyncio.gather(*(counter.hears(selected(uuid4())) for _ in range(4)))

    states = await counter.service.scalar("SELECT string_agg(state, ',' ORDER BY state) FROM participation")
    assert states == "reserved,unfunded,unfunded,unfunded"
    assert await counter.is_balanced()


async def test_a_failing_command_leaves_nothing(counter: Counter) -> None:
    """A refused last signature leaves no entry, no event, no signature."""
    fund = await counter.fund(granted=10)
    body = {
        "fund": fund, "session": SESSION, "batch": "batch-4", "policy": "batch-4",
        "lines": [{"category": "travel", "amount": yuan(500)}],
        "contributions": [{"source": "central", "amount": yuan(500)}],
    }  # fmt: skip
    budget = await counter.post(PREPARER, "/budgets", body, status=201)
    await counter.post(PREPARER, f"/budgets/{budget['id']}/submit", {})
    await counter.post(REGIONAL, f"/budgets/{budget['id']}/approve", {}, status=422)

    shown = await counter.get(f"/budgets/{budget['id']}")
    assert (shown["state"], shown["chain"][0]["approved_by"]) == ("in_approval", None)
    assert await counter.service.outbox() == []


WAYS: dict[str, Any] = {
    "certified": lambda who: [selected(who), placed(who), arrived(who), ended(who), assessed(who), certified(who)],
    "revoked": lambda who: [
        selected(who), placed(who), arrived(who), ended(who), assessed(who), certified(who), revoked(who)
    ],
    "failed": lambda who: [selected(who), placed(who), arrived(who), ended(who), assessed(who, "fail")],
    "early": lambda who: [selected(who), placed(who), arrived(who), ended(who, "early", date(2024, 12, 1), 154)],
    "withdrawn": lambda who: [selected(who), placed(who), withdrawn(who), ended(who, "before_start", START, 0)],
    "no-show": lambda who: [selected(who), placed(who), ended(who, "no_show", START, 0)],
    "deselected": lambda who: [selected(who), placed(who), deselected(who, 2)],
    "selected again": lambda who: [selected(who), deselected(who, 2), selected(who, 3), placed(who)],
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(3))
async def test_events_in_any_order_and_five_times_give_the_same_books(counter: Counter, way: str, seed: int) -> None:
    """The position follows from the set of facts: order and repetition leave no trace in the balances."""
    who = UUID("01890000-0000-7000-8000-0000000000b0")
    events: list[Event] = WAYS[way](who)
    await counter.allocated(await counter.fund(), 1)
    counter.set_day(date(2025, 12, 1))
    await counter.hears(*events)
    in_order = await _books(counter)
    await _start_again(counter)

    shuffled = [event for event in events for _ in range(5)]
    random.Random(seed).shuffle(shuffled)
    await counter.hears(*shuffled)

    assert await _books(counter) == in_order
    assert await counter.is_balanced()


async def _start_again(counter: Counter) -> None:
    from shared.testing.service import empty_tables

    await empty_tables(counter.service)
    counter.set_day(date(2024, 3, 1))
    await counter.allocated(await counter.fund(), 1)
    counter.set_day(date(2025, 12, 1))


async def _books(counter: Counter) -> Any:
    async with counter.service.running.engine.connect() as connection:
        balances = await connection.execute(
            text("SELECT kind, owner, category, balance FROM account WHERE balance <> 0 ORDER BY 1, 2, 3")
        )
        plan = await connection.execute(
            text(
                "SELECT milestone, state, parts, clawback, payee, due_on FROM instalment WHERE state <> 'void' "
                "ORDER BY sequence, revision"
            )
        )
        state = await connection.execute(text("SELECT state, entitled, paid, reserved FROM participation"))
        return [list(map(tuple, result)) for result in (balances, plan, state)]


async def test_payments_between_the_events_leave_the_same_person_settled(counter: Counter) -> None:
    """Paid, ended early, recovered: what was paid less what came back is what is owed (I4)."""
    who = await paid_person(counter)
    await counter.hears(ended(who, "early", date(2024, 7, 10), 10))
    [owing] = (await counter.get("/instalments?state=awaiting_clawback"))["items"]
    line = {"instalment": owing["id"], "amount": owing["clawback"], "recovered_on": "2024-07-01", "reference": "slip"}
    await counter.post(TREASURER, "/instalments/recover", {"lines": [line]})
    settled = (await counter.service.outbox("funding.settled"))[-1]

    def fen(name: str) -> int:
        return round(float(settled[name]["amount"]) * 100)

    assert fen("paid") - fen("clawed_back") == fen("entitled")
    assert (await counter.get(f"/participations/{who}"))["state"] == "settled"
