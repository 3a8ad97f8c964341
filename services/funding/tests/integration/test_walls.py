"""Attacks on the ledger by direct SQL, as the service's own role: each rule refuses by itself."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from funding.testing.counter import REGIONAL, TREASURER, Counter, arrived, placed, selected, yuan
from funding.testing.office import START


async def paid(counter: Counter) -> dict[str, Any]:
    """One paid instalment and a closed month; gives the fund, the payment's entry and its participation."""
    who = uuid4()
    fund = await counter.fund()
    await counter.allocated(fund, 2)
    counter.set_day(START)
    await counter.hears(selected(who), placed(who), arrived(who))
    await counter.pays()
    await counter.post(REGIONAL, "/periods/2024-03/close", {})
    [entry] = (await counter.get("/entries?kind=paid"))["items"]
    subject = await counter.service.scalar("SELECT subject FROM entry WHERE kind = 'paid'")
    accounts = {side["kind"] + side["category"]: side["account"] for side in entry["postings"]}
    return {
        "fund": fund, "who": str(who), "entry": entry["id"], "subject": str(subject),
        "transit": accounts["in_transittravel"], "disbursed": accounts["disbursedtravel"],
    }  # fmt: skip


ATTACKS = {
    "change a posting": ("UPDATE posting SET amount = 1", "append-only"),
    "delete a posting": ("DELETE FROM posting WHERE entry = '{entry}'", "append-only"),
    "truncate postings": ("TRUNCATE posting", "append-only"),
    "truncate with what depends on it": ("TRUNCATE account CASCADE", "append-only"),
    "change an entry": ("UPDATE entry SET booked_on = '2024-06-01', period = '2024-06'", "append-only"),
    "change a balance": ("UPDATE account SET balance = 5 WHERE id = '{disbursed}'", "append-only"),
    "begin with a balance": (
        (
            "INSERT INTO account (id, fund, kind, owner, category, balance) "
            "VALUES (gen_random_uuid(), '{fund}', 'available', 'mine', 'travel', 100)"
        ),
        "begins empty",
    ),
    "add a purpose": ("INSERT INTO fund_purpose VALUES ('{fund}', 'banquets')", "come with the fund"),
    "change the purposes": ("UPDATE fund SET purposes = '[\"banquets\"]'", "purposes of a fund are fixed"),
    "an account of no purpose": (
        (
            "INSERT INTO account (id, fund, kind, owner, category) "
            "VALUES (gen_random_uuid(), '{fund}', 'available', 'mine', 'banquets')"
        ),
        "fk_account_purpose",
    ),
    "book into a closed month": ("2024-03-05", "month is closed"),
    "book a day in the wrong month": ("2024-07-05 2024-08", "ck_entry_period"),
    "open a closed month": ("UPDATE period SET state = 'open' WHERE key = '2024-03'", "stays closed"),
    "delete a closed month": ("DELETE FROM period WHERE key = '2024-03'", "append-only"),
    "change what a closed month moved": ("UPDATE period_flow SET debit = debit + 1", "append-only"),
    "add to what a closed month moved": (
        "INSERT INTO period_flow VALUES ('2024-03', '{fund}', 'available', 'paid', 'plan', 'session', 'travel', 'x', 1, 0)",
        "only the closing",
    ),
    "clawed back twice": ("UPDATE participation SET clawed_back = paid + 1", "clawed_back"),
    "two signatures of one person": ("UPDATE instalment SET approved_by = prepared_by", "two_persons"),
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_the_database_refuses(counter: Counter, attack: str) -> None:
    """One rule each; the books are as they were."""
    known = await paid(counter)
    statement, message = ATTACKS[attack]
    if statement[0].isdigit():
        day, _, month = statement.partition(" ")
        statement = _posting(known, kind="granted", day=day, month=month or day[:7], subject="NULL", amount=1)

    await _refused(counter, statement.format(**known), message)

    assert await counter.is_balanced()


@pytest.mark.parametrize(
    ("kind", "subject", "out", "into", "message"),
    [
        ("paid", "'{subject}'", -1, 1, "uq_entry_paid_subject"),
        ("paid", "NULL", -1, 1, "names what it pays"),
        ("paid", "gen_random_uuid()", -1, 1, "no_overdraft"),
        ("granted", "NULL", -1, 2, "not balanced"),
        ("granted", "NULL", -1, 1, "no_overdraft"),
    ],
)
async def test_a_forged_entry_is_refused(
    counter: Counter, kind: str, subject: str, out: int, into: int, message: str
) -> None:
    """A second payment of the same instalment, a payment of nothing, money that is not there, unequal sides."""
    known = await paid(counter)
    statement = _posting(known, kind=kind, day="2024-07-02", month="2024-07", subject=subject.format(**known), amount=0)
    statement = statement.replace(", 0)", f", {out})", 1).replace(", 0)", f", {into})", 1)

    await _refused(counter, statement, message)

    assert await counter.service.scalar("SELECT count(*) FROM entry WHERE kind = 'paid'") == 1


async def test_a_correction_of_a_closed_month_is_booked_in_an_open_one(counter: Counter) -> None:
    """The grant of March is reversed in July: the reversal names it, March stays as it was closed; once only."""
    known = await paid(counter)
    body = {"source": "regional", "amount": yuan(77), "reference": "doc-wrong", "granted_on": "2024-07-01"}
    grant = await counter.post(TREASURER, f"/funds/{known['fund']}/grants", body, status=201)
    counter.set_day(date(2024, 8, 2))
    await counter.post(REGIONAL, "/periods/2024-07/close", {})
    before = await counter.service.scalar("SELECT sum(debit) FROM period_flow WHERE period = '2024-07'")

    undone = await counter.post(REGIONAL, f"/entries/{grant['id']}/reverse", {"reason": "wrong"}, status=201)
    twice = await counter.post(REGIONAL, f"/entries/{grant['id']}/reverse", {"reason": "wrong"}, status=409)
    of_it = await counter.post(REGIONAL, f"/entries/{undone['id']}/reverse", {"reason": "wrong"}, status=None)

    assert (undone["reverses"], undone["period"]) == (grant["id"], "2024-08")
    assert (twice["code"], of_it.json()["code"]) == ("already-reversed", "not-reversible")
    assert await counter.service.scalar("SELECT sum(debit) FROM period_flow WHERE period = '2024-07'") == before
    assert await counter.is_balanced()


async def test_a_month_is_closed_once(counter: Counter) -> None:
    """Closing it again is refused, and so is the month that runs."""
    await paid(counter)

    again = await counter.post(REGIONAL, "/periods/2024-03/close", {}, status=409)
    running = await counter.post(REGIONAL, "/periods/2024-07/close", {}, status=422)

    assert (again["code"], running["code"]) == ("wrong-state", "period-running")


def _posting(known: dict[str, Any], *, kind: str, day: str, month: str, subject: str, amount: int) -> str:
    made = str(uuid4())
    return (
        "INSERT INTO entry (id, fund, kind, source_key, booked_on, period, posted_by, subject) "
        f"VALUES ('{made}', '{known['fund']}', '{kind}', '{made}', '{day}', '{month}', 'me', {subject});"
        "INSERT INTO posting (entry, account, fund, amount) "
        f"VALUES ('{made}', '{known['transit']}', '{known['fund']}', {-amount}),"
        f" ('{made}', '{known['disbursed']}', '{known['fund']}', {amount})"
    )


async def _refused(counter: Counter, statements: str, message: str) -> None:
    async def attack() -> None:
        async with counter.service.running.engine.begin() as connection:
            for statement in statements.split(";"):
                await connection.execute(text(statement.replace(":", "\\:")))

    with pytest.raises(DBAPIError, match=message):
        await attack()
