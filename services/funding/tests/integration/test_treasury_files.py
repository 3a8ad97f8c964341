"""Batches for the treasury and its return files: hashes, control totals, wrong cells, contradictions (F-04)."""

from __future__ import annotations

import hashlib
import io
from base64 import b64encode
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
from python_calamine import CalamineWorkbook

from funding.testing.claims import fund_with_claims, granted, lodging, registered_class, submitted
from funding.testing.counter import (
    MINISTRY,
    PREPARER,
    REGIONAL,
    TREASURER,
    Counter,
    arrived,
    expect,
    placed,
    selected,
    yuan,
)
from funding.testing.office import SESSION, START
from shared.sheets.columns import Column, Kind, Sheet
from shared.sheets.writing import XLSX_TYPE, write_xlsx

COLUMNS = tuple(Column(code=c, zh=c, en=c, kind=k) for c, k in (
    ("reference", Kind.TEXT), ("outcome", Kind.TEXT), ("on", Kind.DATE), ("reason", Kind.TEXT),
    ("amount", Kind.MONEY), ("batch", Kind.TEXT),
))  # fmt: skip


async def instructed(counter: Counter, persons: int = 2) -> dict[str, Any]:
    """A batch of first instalments."""
    await counter.allocated(await counter.fund(), persons)
    counter.set_day(START)
    for _ in range(persons):
        who = uuid4()
        await counter.hears(selected(who), placed(who), arrived(who))
    await counter.post(PREPARER, "/instalments/prepare", {"session": SESSION})
    await counter.post(REGIONAL, "/instalments/approve", {"session": SESSION})
    batch: dict[str, Any] = await counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=201)
    return batch


async def sent(counter: Counter, batch: dict[str, Any], content: bytes, kind: str, **headers: str) -> httpx.Response:
    """A return file handed in by the treasurer."""
    path = f"/v1/funding/disbursements/{batch['id']}/returns"
    return await counter.service.call(
        TREASURER, "POST", path, content=content, headers={"content-type": kind} | headers
    )


def sheet(*rows: list[Any]) -> bytes:
    return write_xlsx([Sheet(name="returns", columns=COLUMNS, rows=rows)], "en")


async def test_a_batch_goes_out_with_control_totals_and_its_hash(counter: Counter) -> None:
    batch = await instructed(counter)
    path = f"/v1/funding/disbursements/{batch['id']}/file"

    csv = await counter.service.get(TREASURER, f"{path}?format=csv")
    again = await counter.service.get(TREASURER, f"{path}?format=csv")
    xlsx = await counter.service.get(TREASURER, f"{path}?format=xlsx")

    lines = csv.content.decode("utf-8-sig").splitlines()
    digest = hashlib.sha256(csv.content).digest()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.content)).get_sheet_by_index(0).to_python()
    assert lines[0].replace("*", "") == "reference,sequence,payee_kind,payee,amount,currency,batch"
    assert lines[-1] == f"TOTAL,2,,,19600.00,CNY,{batch['number']}"
    assert [line.split(",")[1] for line in lines[1:-1]] == ["1", "2"]
    assert csv.headers["content-digest"] == f"sha-256=:{b64encode(digest).decode()}:"
    assert csv.content == again.content
    assert rows[-1][0] == "TOTAL"
    assert rows[-1][4] == 19600


async def test_a_workbook_is_taken_once_however_often_and_at_the_same_moment_it_comes(counter: Counter) -> None:
    """Partly returned: one paid, one rejected; the rejected one is due again and is paid under another reference."""
    batch = await instructed(counter)
    first, second = batch["lines"]
    content = sheet(
        [first["reference"], "paid", START, None, 980_000, batch["number"]],
        [second["reference"], "rejected", START, "account-closed", 980_000, batch["number"]],
        ["TOTAL", None, None, None, 1_960_000, batch["number"]],
    )

    answers = await counter.service.race([sent(counter, batch, content, XLSX_TYPE) for _ in range(3)])

    files = [expect(answer, 200)["file"] for answer in answers]
    assert sorted((a.json()["paid"], a.json()["rejected"]) for a in answers) == [(0, 0), (0, 0), (1, 1)]
    assert files[0] == files[1] == files[2]
    assert (files[0]["paid"], files[0]["rejected"]) == (1, 1)
    assert await counter.service.scalar("SELECT count(*) FROM entry WHERE kind = 'paid'") == 1
    await counter.post(PREPARER, "/instalments/prepare", {"session": SESSION})
    await counter.post(REGIONAL, "/instalments/approve", {"session": SESSION})
    next_one = await counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=201)
    assert next_one["lines"][0]["instalment"] == second["instalment"]
    assert next_one["lines"][0]["reference"] != second["reference"]
    assert await counter.service.scalar("SELECT max(attempt) FROM payment_reference") == 2
    assert await counter.is_balanced()


async def test_a_wrong_file_is_refused_whole_with_every_cell_in_either_language(counter: Counter) -> None:
    batch = await instructed(counter)
    first, second = batch["lines"]
    csv = (
        "reference,outcome,on,reason,amount,batch\r\n"
        f"{first['reference']},paid,2024-07-01,,9800.01,\r\n"
        f"{second['reference']},paid,2024-07-01,,9800.00,OTHER-1\r\n"
        f"{first['reference']},paid,2024-07-01,,9800.00,\r\n"
        "TST4-99999-0001,paid,2024-07-01,,,\r\n"
        f"TOTAL,,,,1.00,\r\n"
    ).encode()
    typed = f"reference,outcome,on\r\n{first['reference']},perhaps,2024-07-01\r\n,paid,yesterday\r\n".encode()

    wrong = await sent(counter, batch, csv, "text/csv")
    cells = await sent(counter, batch, typed, "text/csv", **{"accept-language": "zh-CN"})

    assert [(each["code"], each["pointer"]) for each in wrong.json()["errors"]] == [
        ("total-differs", "/total"),
        ("amount-differs", "/lines/0/amount"),
        ("wrong-batch", "/lines/1/batch"),
        ("reference-twice", "/lines/2/reference"),
        ("unknown-reference", "/lines/3/reference"),
    ]
    assert (wrong.status_code, cells.status_code) == (422, 422)
    assert [(each["code"], each["pointer"]) for each in cells.json()["errors"]] == [
        ("unknown-code", "/csv/B2"), ("required", "/csv/A3"), ("bad-date", "/csv/C3"),
    ]  # fmt: skip
    assert cells.json()["errors"][1]["detail"] == "此单元格必填。"
    assert (await counter.get(f"/disbursements/{batch['id']}"))["lines"][0]["outcome"] is None
    assert await counter.service.scalar("SELECT count(*) FROM return_file") == 0


async def test_a_late_contradiction_waits_for_a_person_and_is_never_booked(counter: Counter) -> None:
    batch = await instructed(counter)
    first, second = batch["lines"]
    path = f"/disbursements/{batch['id']}/returns"
    paid = {"lines": [{"reference": first["reference"], "outcome": "paid", "on": "2024-07-01"}]}
    both = {
        "lines": [
            {"reference": first["reference"], "outcome": "rejected", "on": "2024-07-01", "reason": "account-closed"},
            {"reference": second["reference"], "outcome": "paid", "on": "2024-07-01"},
        ]
    }
    await counter.post(TREASURER, path, paid)

    said = await counter.post(TREASURER, path, both)

    [noted] = (await counter.get("/discrepancies?state=open"))["items"]
    assert (said["paid"], said["rejected"], said["discrepancies"]) == (1, 0, 1)
    assert (noted["reference"], noted["booked_outcome"], noted["said_outcome"]) == (
        first["reference"], "paid", "rejected",
    )  # fmt: skip
    assert (await counter.get("/reconciliation"))["open_discrepancies"] == 1
    body = {"resolution": "first_stands", "explanation": "银行更正"}
    await counter.post(TREASURER, f"/discrepancies/{noted['id']}/resolve", body, status=403)
    done = await counter.post(MINISTRY, f"/discrepancies/{noted['id']}/resolve", body)
    assert (done["state"], done["resolved_by"]) == ("resolved", MINISTRY.subject)
    await counter.post(MINISTRY, f"/discrepancies/{noted['id']}/resolve", body, status=409)
    assert await counter.service.scalar("SELECT count(*) FROM entry WHERE kind = 'paid'") == 2


async def test_the_reconciliation_agrees_with_the_ledger_and_tells_what_is_outstanding_by_age(counter: Counter) -> None:
    await fund_with_claims(counter)
    await registered_class(counter)
    for nth in (1, 3):
        line = lodging(f"2024-07-0{nth}", f"2024-07-0{nth + 1}", "680.00", f"INV-{nth}")
        await granted(counter, await submitted(counter, line))
    batch = await counter.post(TREASURER, "/disbursements", {"session": SESSION, "what": "claims"}, status=201)
    counter.set_day(date(2024, 9, 10))
    first, second = batch["lines"]
    file = {"lines": [{"reference": first["reference"], "outcome": "paid", "on": "2024-09-01"}], "total": yuan(680)}
    await counter.post(TREASURER, f"/disbursements/{batch['id']}/returns", file)

    found = await counter.get(f"/reconciliation?session={SESSION}")

    assert (found["instructed"], found["paid"], found["outstanding"]) == (yuan(1360), yuan(680), yuan(680))
    assert found["agrees"] is True
    assert [each["count"] for each in found["by_age"]] == [0, 1, 0, 0]
    rejected = {"lines": [{"reference": second["reference"], "outcome": "rejected", "on": "2024-09-02"}]}
    await counter.post(TREASURER, f"/disbursements/{batch['id']}/returns", rejected)
    again = await counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=201)
    assert again["lines"][0]["claim"] == second["claim"]
    assert again["lines"][0]["reference"] != second["reference"]
