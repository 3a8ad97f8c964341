"""Reimbursement over HTTP: from a draft to the treasury, its refusals, and what happens in parallel (F-01, F-03 – F-05)."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from funding.testing.claims import (
    CHECKER,
    CLASS,
    HOST,
    OTHER_HOST,
    a_person_served,
    drafted,
    fund_with_claims,
    granted,
    lodging,
    registered_class,
    submitted,
)
from funding.testing.counter import AUDITOR, PREPARER, REGIONAL, TREASURER, Counter, yuan
from funding.testing.office import SESSION
from shared.kernel.actor import Role
from shared.testing.actors import someone

CHINESE = {"accept-language": "zh-CN"}


async def pot(counter: Counter, category: str = "class-lodging") -> str:
    accounts = (await counter.get("/accounts?kind=available"))["items"]
    balance: str = next(each["balance"] for each in accounts if each["category"] == category)
    return balance


async def test_a_claim_of_a_class_is_checked_approved_and_paid_with_the_batch(counter: Counter) -> None:
    """Draft → submitted → checked → part approved → instructed → paid; every fen in the ledger (F-04)."""
    fund = await fund_with_claims(counter)
    await registered_class(counter)
    claim = await submitted(
        counter,
        lodging("2024-07-01", "2024-08-09", "251600.00", "INV-1", persons=20),
        {"category": "class-materials", "from_day": "2024-07-01", "to_day": "2024-07-01", "amount": yuan(900)},
    )
    assert claim["lines"][0]["ceiling"]["amount"] == "251600.00"  # (30 + 10 × 0.7) days × 20 persons × 340
    assert claim["state"] == "submitted"

    claim = await counter.post(CHECKER, f"/claims/{claim['id']}/check", {"cuts": []})
    cut = {"line": 0, "granted": yuan(90_000), "reason": "人数与签到表不符"}
    claim = await counter.post(REGIONAL, f"/claims/{claim['id']}/approve", {"cuts": [cut]})

    assert (claim["state"], claim["claimed"]["amount"], claim["amount"]["amount"]) == (
        "part_approved", "252500.00", "90900.00",
    )  # fmt: skip
    assert await pot(counter) == "10000.00"

    batch = await counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=201)
    assert [line["claim"] for line in batch["lines"]] == [claim["id"]]
    await counter.post(TREASURER, f"/disbursements/{batch['id']}/returns", counter.return_file(batch))

    paid = await counter.get(f"/claims/{claim['id']}")
    statement = await counter.get(f"/funds/{fund}/statement")
    sent = [each["type"] for each in await counter.service.outbox() if each["type"].startswith("claim.")]
    assert (paid["state"], paid["paid_on"]) == ("paid", "2024-08-20")
    assert statement["disbursed"]["amount"] == "90900.00"
    assert [each["disbursed"]["amount"] for each in statement["by_session"]] == ["90900.00"]
    assert sent == ["claim.submitted", "claim.approved", "claim.paid"]
    assert await counter.is_balanced()


async def test_everything_wrong_is_said_at_once_in_the_language_of_the_reader(counter: Counter) -> None:
    await fund_with_claims(counter)
    await registered_class(counter)
    await submitted(counter, lodging("2024-07-01", "2024-07-02", "680.00", "INV-1"))
    draft = await drafted(
        counter,
        lodging("2024-07-02", "2024-07-03", "680.01", "inv 1"),
        {"category": "banquet", "from_day": "2024-07-01", "to_day": "2024-07-01", "amount": yuan(1)},
        {"category": "class-travel", "from_day": "2024-06-28", "to_day": "2024-06-30", "amount": yuan(1)},
    )

    response = await counter.post(HOST, f"/claims/{draft['id']}/submit", {}, status=None, headers=CHINESE)

    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "claim-wrong")
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [
        ("/lines/0/evidence/0/number", "invoice-used"),
        ("/lines/0/amount", "above-ceiling"),
        ("/lines/0", "days-claimed"),
        ("/lines/1/category", "outside-purpose"),
        ("/lines/2/from_day", "outside-term"),
        ("/lines/2/evidence", "no-evidence"),
    ]
    assert "专款专用" in response.text
    assert (await counter.get(f"/claims/{draft['id']}"))["state"] == "draft"


@pytest.mark.parametrize("amount", [12.5, "12.505", 12, "-1.00", "1e3"])
async def test_an_amount_is_a_decimal_string_of_two_places(counter: Counter, amount: Any) -> None:
    await fund_with_claims(counter)
    await registered_class(counter)
    line = lodging("2024-07-01", "2024-07-01", "1.00", "INV-1") | {"amount": {"amount": amount, "currency": "CNY"}}
    body = {"cost_kind": "session", "cost_object": CLASS, "lines": [line, line]}

    for headers in ({}, CHINESE):
        response = await counter.post(HOST, "/claims", body, status=None, headers=headers)
        assert response.status_code == 400
        pointers = [each["pointer"] for each in response.json()["errors"]]
        assert pointers == ["/lines/0/amount/amount", "/lines/1/amount/amount"]


async def test_who_has_nothing_to_do_with_it_neither_sees_nor_claims(counter: Counter) -> None:
    await fund_with_claims(counter)
    await registered_class(counter)
    claim = await submitted(counter, lodging("2024-07-01", "2024-07-02", "680.00", "INV-1"))
    body = {"cost_kind": "session", "cost_object": CLASS, "lines": [lodging("2024-07-05", "2024-07-05", "1.00", "X")]}

    await counter.post(OTHER_HOST, "/claims", body, status=404)
    await counter.get(f"/claims/{claim['id']}", OTHER_HOST, status=404)
    await counter.post(OTHER_HOST, f"/claims/{claim['id']}/withdraw", {}, status=404)
    await counter.post(PREPARER, "/claims", body, status=403)
    await counter.post(HOST, f"/claims/{claim['id']}/check", {"cuts": []}, status=403)
    await counter.post(TREASURER, f"/claims/{claim['id']}/approve", {"cuts": []}, status=403)
    assert (await counter.get("/claims", OTHER_HOST))["items"] == []
    assert len((await counter.get("/claims", AUDITOR))["items"]) == 1


async def test_the_trainee_claims_for_their_own_participation_and_is_paid_as_a_person(counter: Counter) -> None:
    await fund_with_claims(counter)
    who = await a_person_served(counter)
    counter.set_day(date(2024, 8, 1))
    trainee = someone(Role.APPLICANT, subject=f"acc-{who}")
    ticket = {"document": str(uuid4()), "sha256": "b" * 64, "kind": "ticket", "number": "K 1"}
    line = {
        "category": "class-travel", "from_day": "2024-06-30", "to_day": "2024-06-30", "amount": yuan("1200.00"),
        "evidence": [ticket],
    }  # fmt: skip
    body = {"cost_kind": "participation", "cost_object": str(who), "lines": [line]}

    claim = await counter.post(trainee, "/claims", body, status=201)
    done = await counter.post(trainee, f"/claims/{claim['id']}/submit", {})
    claim = await granted(counter, done)

    assert (claim["payee_kind"], claim["payee"], claim["state"]) == ("person", trainee.subject, "approved")
    await counter.post(someone(Role.APPLICANT, subject="acc-x"), "/claims", body, status=404)


async def test_one_invoice_in_two_claims_at_the_same_moment_is_taken_once(counter: Counter) -> None:
    """Two classes, so no lock is shared: the database decides."""
    await fund_with_claims(counter)
    for code in ("class-a", "class-b"):
        await registered_class(counter, code)
    drafts = [
        await drafted(counter, lodging("2024-07-01", "2024-07-01", "340.00", number), code=code)
        for code, number in (("class-a", "INV-7"), ("class-b", "inv 7"))
    ]

    answers = await asyncio.gather(
        *[counter.post(HOST, f"/claims/{draft['id']}/submit", {}, status=None) for draft in drafts]
    )

    assert min(answer.status_code for answer in answers) == 200
    refused = max(answers, key=lambda answer: answer.status_code)
    assert refused.status_code in (409, 422)
    assert "invoice-used" in refused.text
    assert await counter.service.scalar("SELECT count(*) FROM claim_invoice") == 1


async def test_two_claims_on_the_last_money_are_not_both_approved(counter: Counter) -> None:
    await fund_with_claims(counter, yuan_each=1_000)
    await registered_class(counter)
    claims = []
    for nth in (1, 3):
        line = lodging(f"2024-07-0{nth}", f"2024-07-0{nth + 1}", "680.00", f"INV-{nth}")
        claim = await submitted(counter, line)
        claims.append(await counter.post(CHECKER, f"/claims/{claim['id']}/check", {"cuts": []}))

    answers = await asyncio.gather(
        *[counter.post(REGIONAL, f"/claims/{claim['id']}/approve", {"cuts": []}, status=None) for claim in claims]
    )

    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert "overdrawn" in max(answers, key=lambda answer: answer.status_code).text
    assert await pot(counter) == "320.00"
    assert await counter.is_balanced()


async def test_splitting_a_claim_does_not_lower_the_tier(counter: Counter) -> None:
    """The rolling sum per payee and category decides the chain (F-03)."""
    await fund_with_claims(counter, yuan_each=1_300_000)
    chains = []
    for code in ("class-a", "class-b"):
        made = {
            "kind": "session", "code": code, "session": SESSION, "organisation": "hosts/H001",
            "starts_on": "2024-03-01", "ends_on": "2024-03-10", "persons": 500,
        }  # fmt: skip
        await counter.post(PREPARER, "/cost-objects", made, status=201)
        counter.set_day(date(2024, 3, 20))
        claim = await submitted(
            counter, lodging("2024-03-01", "2024-03-10", "1200000.00", code, persons=500), code=code
        )
        claim = await counter.post(CHECKER, f"/claims/{claim['id']}/check", {"cuts": []})
        chains.append([step["authority"] for step in claim["chain"]])

    assert chains == [["regional"], ["regional", "ministry"]]


async def test_a_returned_or_refused_claim_lets_go_of_its_invoice_and_days(counter: Counter) -> None:
    await fund_with_claims(counter)
    await registered_class(counter)
    line = lodging("2024-07-01", "2024-07-02", "680.00", "INV-1")
    first = await submitted(counter, line)
    await counter.post(CHECKER, f"/claims/{first['id']}/return", {"reason": "发票抬头有误"})
    await counter.post(HOST, f"/claims/{first['id']}/submit", {})
    await counter.post(REGIONAL, f"/claims/{first['id']}/refuse", {"reason": "不属于本班"})

    second = await submitted(counter, line)

    assert second["state"] == "submitted"
    await counter.post(HOST, f"/claims/{first['id']}/submit", {}, status=409)


async def test_a_frozen_claim_waits_and_a_revoked_one_gives_the_money_back(counter: Counter) -> None:
    await fund_with_claims(counter)
    await registered_class(counter)
    claim = await granted(counter, await submitted(counter, lodging("2024-07-01", "2024-07-02", "680.00", "I-1")))
    path = f"/claims/{claim['id']}"
    await counter.post(REGIONAL, f"{path}/freeze", {"reason": "审计询问"})
    await counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=409)
    await counter.post(REGIONAL, f"{path}/thaw", {})

    revoked = await counter.post(REGIONAL, f"{path}/revoke", {"reason": "重复"})

    assert (revoked["state"], await pot(counter)) == ("refused", "100000.00")
    assert await counter.is_balanced()


async def test_the_same_request_again_gives_the_same_answer_and_one_claim(counter: Counter) -> None:
    await fund_with_claims(counter)
    await registered_class(counter)
    body = {"cost_kind": "session", "cost_object": CLASS, "lines": [lodging("2024-07-01", "2024-07-01", "1.00", "I")]}

    answers = [await counter.post(HOST, "/claims", body, status=201, key="once") for _ in range(2)]

    assert answers[0]["id"] == answers[1]["id"]
    assert len((await counter.get("/claims"))["items"]) == 1


async def test_the_database_refuses_what_goes_round_the_rules(counter: Counter) -> None:
    """An overlap of days, a checker who signs: constraints, not only code."""
    await fund_with_claims(counter)
    await registered_class(counter)
    claim = await granted(counter, await submitted(counter, lodging("2024-07-01", "2024-07-02", "680.00", "I-1")))

    for statement, constraint in (
        ("INSERT INTO claim_day SELECT claim, 9, subject, to_day, to_day FROM claim_day", "ex_claim_day_once"),
        ("UPDATE claim SET checked_by = 'regional-approver'", "nobody_twice"),
        ("UPDATE claim SET checked_by = submitted_by", "nobody_twice"),
    ):
        with pytest.raises(IntegrityError, match=constraint):
            async with counter.service.running.engine.begin() as connection:
                await connection.execute(text(statement))
    assert claim["state"] == "approved"
