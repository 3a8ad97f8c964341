"""Statements as of any day: computed two ways, drilled down to the fen, as files, as it was known."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from funding.adapters.db.statements.flows import DIMENSIONS, Horizon, flows
from funding.testing.counter import AUDITOR, PREPARER, REGIONAL, Counter, arrived, ended, placed, selected
from funding.testing.office import START
from shared.kernel.actor import Role
from shared.testing.actors import someone


async def lived(counter: Counter) -> str:
    """A year of two persons: one paid twice, one broken off and owing; March to August closed. Gives the fund."""
    stays, leaves = uuid4(), uuid4()
    fund = await counter.fund()
    await counter.allocated(fund, 3)
    counter.set_day(date(2024, 5, 20))
    await counter.hears(selected(stays), selected(leaves))
    counter.set_day(START)
    await counter.hears(placed(stays), placed(leaves, "hosts/H002"), arrived(stays), arrived(leaves))
    counter.set_day(date(2024, 8, 5))
    await counter.pays()
    counter.set_day(date(2024, 10, 8))
    for month in ("03", "05", "07", "08"):
        await counter.post(REGIONAL, f"/periods/2024-{month}/close", {})
    await counter.hears(ended(leaves, "early", date(2024, 9, 8), 70))
    return fund


async def total(counter: Counter, address: str) -> Decimal:
    """The sum of the entries behind a figure, page by page."""
    found, cursor = Decimal(0), ""
    while True:
        page = await counter.get(address.removeprefix("/v1/funding") + "&limit=3" + cursor)
        found += sum(Decimal(item["amount"]) for item in page["items"])
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize("by", [None, *DIMENSIONS])
async def test_every_figure_is_the_sum_of_its_postings(counter: Counter, by: str | None) -> None:
    """Issue 6 (8): the entries at the address of a figure sum to it exactly, in every breakdown."""
    fund = await lived(counter)
    dimension = f"&by={by}" if by else ""

    said = await counter.get(f"/statements/funds/{fund}?as_of=2024-10-08{dimension}")

    figures = [figure for row in [said["whole"], *said["rows"]] for figure in row["figures"]]
    for figure in figures:
        assert await total(counter, figure["postings"]) * figure["sign"] == Decimal(figure["amount"]), figure
    if by in ("category", "session", "source"):
        assert {row["key"] for row in said["rows"]} - {"(none)"} == {
            "category": {"host-training-fee", "living-allowance", "travel", "insurance"},
            "session": {"2024"},
            "source": {"central", "regional"},
        }[by]
    if by == "payee":
        paid = {row["key"]: {x["name"]: x["amount"] for x in row["figures"]} for row in said["rows"]}
        assert (paid["hosts/H001"]["disbursed"], paid["hosts/H001"]["clawback_due"]) == ("9800.00", "0.00")
        assert (paid["hosts/H002"]["disbursed"], paid["hosts/H002"]["clawback_due"]) == ("6260.28", "3539.72")
    if by == "area":
        assert {row["key"] for row in said["rows"]} == {"cn/54/5401", "(none)"}


async def test_a_statement_of_a_past_day_is_what_was_booked_by_then(counter: Counter) -> None:
    """Day by day: nothing before the grant, approved in March, reserved in May, committed in July, paid in August."""
    fund = await lived(counter)

    async def of(day: str) -> dict[str, str]:
        whole = (await counter.get(f"/statements/funds/{fund}?as_of={day}"))["whole"]
        return {figure["name"]: figure["amount"] for figure in whole["figures"]}

    nothing, spring, may, july, august = [
        await of(day) for day in ("2024-02-29", "2024-04-30", "2024-05-20", "2024-07-01", "2024-08-05")
    ]

    assert set(nothing.values()) == {"0.00"}
    assert (spring["allocated"], spring["available"], spring["reserved"]) == ("60000.00", "60000.00", "0.00")
    assert (may["available"], may["reserved"]) == ("20000.00", "40000.00")
    assert (july["reserved"], july["committed"], july["disbursed"]) == ("0.00", "40000.00", "0.00")
    assert (august["committed"], august["disbursed"], august["clawback_due"]) == ("20400.00", "19600.00", "0.00")
    assert august["balance"] == "19980400.00"


async def test_closed_months_say_what_their_postings_say(counter: Counter) -> None:
    """The sums kept at closing equal the recomputation, cell by cell, and for every day of the books."""
    await lived(counter)
    cells = "period, fund, kind, cause, way, dimension, category, value"
    difference = f"""SELECT count(*) FROM (
        (SELECT {cells}, debit, credit FROM period_flow EXCEPT SELECT * FROM again) UNION ALL
        (SELECT * FROM again EXCEPT SELECT {cells}, debit, credit FROM period_flow)) d"""
    again = f"""WITH again AS (SELECT {cells},
        coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint AS debit,
        coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint AS credit
        FROM ledger_flow, LATERAL (VALUES ('source', source), ('session', session), ('area', area), ('payee', payee))
            d (dimension, value)
        WHERE period IN (SELECT key FROM period WHERE state = 'closed') GROUP BY {cells})"""

    assert await counter.service.scalar(f"{again} {difference}") == 0
    assert await counter.service.scalar("SELECT count(*) FROM period_flow") > 20
    async with counter.service.running.engine.connect() as connection:
        for day in (date(2024, 3, 31), date(2024, 5, 19), date(2024, 7, 31), date(2024, 10, 8)):
            summed = sum(each.amount for each in await flows(connection, Horizon(day)) if each.kind == "available")
            posted = text("SELECT sum(amount) FROM ledger_flow WHERE kind = 'available' AND booked_on <= :day")
            assert summed == (await connection.execute(posted, {"day": day})).scalar_one()


async def test_what_was_not_known_then_is_not_in_it(counter: Counter) -> None:
    """Knowledge date: a statement of today's books as they were known before the last entries."""
    fund = await counter.fund()
    known_at = (await counter.service.scalar("SELECT clock_timestamp()")).isoformat().replace("+", "%2B")
    await counter.allocated(fund, 1)
    counter.set_day(date(2024, 4, 2))
    await counter.post(REGIONAL, "/periods/2024-03/close", {})

    then = await counter.get(f"/statements/funds/{fund}?known_at={known_at}")
    now = await counter.get(f"/statements/funds/{fund}")

    def figures(said: dict[str, Any]) -> dict[str, str]:
        return {figure["name"]: figure["amount"] for figure in said["whole"]["figures"]}

    assert (figures(then)["granted"], figures(then)["allocated"]) == ("20000000.00", "0.00")
    assert (figures(now)["granted"], figures(now)["allocated"]) == ("20000000.00", "20000.00")
    granted = next(figure for figure in then["whole"]["figures"] if figure["name"] == "balance")
    assert await total(counter, granted["postings"]) == Decimal(granted["amount"])


async def test_the_trial_balance_of_any_day_is_even(counter: Counter) -> None:
    """Debits equal credits on every day, and every row drills down."""
    await lived(counter)

    for day in ("2024-03-01", "2024-05-20", "2024-07-15", "2024-10-08"):
        said = await counter.get(f"/statements/trial-balance?as_of={day}")
        assert said["balanced"]
        assert sum(Decimal(row["balance"]) for row in said["rows"]) == 0
        for row in said["rows"]:
            assert await total(counter, row["postings"]) == Decimal(row["balance"])


async def test_statements_come_as_files(counter: Counter) -> None:
    """CSV and XLSX say what the JSON says; the CSV of all postings sums to zero."""
    fund = await lived(counter)
    said = await counter.get(f"/statements/funds/{fund}?by=category")
    path = f"/v1/funding/statements/funds/{fund}?by=category&format="

    plain = (await counter.service.get(AUDITOR, path + "csv")).content.decode("utf-8-sig")
    book = (await counter.service.get(AUDITOR, path + "xlsx")).content
    postings = (await counter.service.get(AUDITOR, "/v1/funding/statements/postings?format=csv")).content
    trial = await counter.service.get(AUDITOR, "/v1/funding/statements/trial-balance?format=xlsx")

    rows = list(csv.reader(io.StringIO(plain)))
    expected = [[row["key"], *(figure["amount"] for figure in row["figures"])] for row in said["rows"]]
    assert rows[1:] == expected
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [[row[0], *(f"{cell or 0:.2f}" for cell in row[1:])] for row in sheet[1:]] == expected
    lines = list(csv.DictReader(io.StringIO(postings.decode("utf-8-sig"))))
    assert sum(Decimal(line["amount"]) for line in lines) == 0
    assert len(lines) == await counter.service.scalar("SELECT count(*) FROM posting")
    assert trial.status_code == 200


async def test_what_is_due_ages(counter: Counter) -> None:
    """The second instalment of who stays is due in January and not paid in March; what is to come back since October."""
    await lived(counter)
    counter.set_day(date(2025, 1, 2))
    await counter.post(PREPARER, "/instalments/raise-due", {})
    counter.set_day(date(2025, 2, 15))

    said = await counter.get("/statements/aging")
    watched = await counter.get("/supervision")

    bands = {row["band"]: (row["count"], row["amount"]) for row in said["to_pay"]}
    owing = {row["band"]: (row["count"], row["amount"]) for row in said["to_come_back"]}
    assert bands == {"0-30": (0, "0.00"), "31-60": (1, "6800.00"), "61-90": (0, "0.00"), ">90": (0, "0.00")}
    assert owing[">90"] == (1, "3539.72")
    [fund] = watched["funds"]
    assert (fund["overdue"], fund["overdue_amount"]) == (1, "6800.00")
    assert (fund["execution_rate"], fund["commitment_rate"]) == ("26.76", "43.76")
    assert watched["frozen"] == []


async def test_statements_are_for_those_who_answer_for_money(counter: Counter) -> None:
    """A host officer reads none of them; an unknown breakdown or day is refused."""
    fund = await counter.fund()
    host = someone(Role.HOST_OFFICER, organisation="hosts/H001")

    for path in ("/statements/trial-balance", f"/statements/funds/{fund}", "/statements/postings", "/supervision"):
        await counter.get(path, host, status=403)
    await counter.get(f"/statements/funds/{uuid4()}", status=404)
    answer = await counter.service.get(AUDITOR, f"/v1/funding/statements/funds/{fund}?by=mood")
    assert answer.status_code in (400, 422)
    answer = await counter.service.get(AUDITOR, f"/v1/funding/statements/funds/{fund}?as_of=yesterday")
    assert answer.status_code in (400, 422)
