"""Approvals over HTTP: splitting at the same moment, delegation, freezing, re-allocation; the database's last word."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from funding.testing.counter import (
    AUDITOR,
    MINISTRY,
    PREPARER,
    REGIONAL,
    TREASURER,
    Counter,
    arrived,
    budget_body,
    placed,
    selected,
    yuan,
)
from funding.testing.office import SESSION
from shared.kernel.actor import Role
from shared.testing.actors import someone

OTHER_PREPARER = someone(Role.FINANCE_PREPARER, subject="preparer-2", organisation="cn/54")
DEPUTY = someone(Role.FINANCE_APPROVER, subject="deputy", organisation="cn/54/5401")
PERIOD = {"valid_from": "2024-03-01", "valid_to": "2024-12-31"}


def a_delegation(**changed: Any) -> dict[str, Any]:
    """The regional approver's authority for the deputy."""
    body = {"delegate": "deputy", "delegate_organisation": "cn/54/5401", "kinds": ["budget", "payment"], **PERIOD}
    return body | changed


async def due(counter: Counter, persons: int, session_persons: int = 5) -> list[UUID]:
    """So many persons with a first instalment due."""
    await counter.allocated(await counter.fund(), session_persons)
    people = [uuid4() for _ in range(persons)]
    for who in people:
        await counter.hears(selected(who), placed(who), arrived(who))
    return people


async def planned(counter: Counter, fund: str, persons: int, session: str = SESSION) -> str:
    """The path of a planned budget."""
    return (
        f"/budgets/{(await counter.post(PREPARER, '/budgets', budget_body(fund, persons, session), status=201))['id']}"
    )


async def test_two_halves_at_the_same_moment_see_one_another(counter: Counter) -> None:
    """F-03: split and submitted at once by two hands, both halves need the tier of the sum; in any interleaving."""
    fund = await counter.fund()
    for nth in range(4):
        halves = [await planned(counter, fund, 60, f"s{nth}") for _ in range(2)]
        await asyncio.gather(
            counter.post(PREPARER, f"{halves[0]}/submit", {}), counter.post(OTHER_PREPARER, f"{halves[1]}/submit", {})
        )

        shown = [await counter.get(half) for half in halves]

        assert [each["rolling_amount"]["amount"] for each in shown] == ["2400000.00", "2400000.00"]
        assert [[step["authority"] for step in each["chain"]] for each in shown] == [["regional", "ministry"]] * 2


async def test_a_later_half_raises_one_that_somebody_signed(counter: Counter) -> None:
    """F-03: pending ones follow the sum; a signature given stays."""
    fund = await counter.fund()
    first, second = await planned(counter, fund, 120), await planned(counter, fund, 60)
    await counter.post(PREPARER, f"{first}/submit", {})
    await counter.post(REGIONAL, f"{first}/approve", {})
    await counter.post(PREPARER, f"{second}/submit", {})
    approvals = (await counter.get("/approvals?kind=budget&awaits=cn&state=pending"))["items"]

    assert [each["rolling_amount"]["amount"] for each in approvals] == ["3600000.00"]
    assert approvals[0]["chain"][0]["approved_by"] == "regional-approver"
    assert [each["amount"]["amount"] for each in (await counter.get("/approvals?awaits=cn/54"))["items"]] == [
        "1200000.00"
    ]


async def test_signing_for_another(counter: Counter) -> None:
    """授权: recorded as by X for Y; X and Y are then both in the chain; revoked, it gives nothing."""
    fund = await counter.fund()
    first, second = await planned(counter, fund, 120), await planned(counter, fund, 1, "2025")
    for each in (first, second):
        await counter.post(PREPARER, f"{each}/submit", {})
    foreign = await counter.post(DEPUTY, f"{first}/approve", {}, status=403)
    given = await counter.post(REGIONAL, "/delegations", a_delegation(), status=201)

    signed = await counter.post(DEPUTY, f"{first}/approve", {})
    twice = await counter.post(
        someone(Role.FINANCE_APPROVER, subject="regional-approver", organisation="cn"),
        f"{first}/approve",
        {},
        status=403,
    )
    await counter.post(REGIONAL, f"/delegations/{given['id']}/revoke", {})
    revoked = await counter.post(DEPUTY, f"{second}/approve", {}, status=403)

    step = signed["chain"][0]
    assert (step["approved_by"], step["on_behalf_of"]) == ("deputy", "regional-approver")
    assert (foreign["code"], twice["code"], revoked["code"]) == ("not-your-step", "same-person", "not-your-step")
    listed = (await counter.get("/delegations?delegate=deputy"))["items"]
    assert [(each["state"], each["revoked_on"]) for each in listed] == [("revoked", "2024-03-01")]


async def test_a_delegate_does_not_sign_what_they_prepared(counter: Counter) -> None:
    """F-01 holds through a delegation, for the delegate and for who delegated."""
    fund = await counter.fund()
    both = someone(Role.FINANCE_PREPARER, Role.FINANCE_APPROVER, subject="deputy", organisation="cn/54/5401")
    head = someone(Role.FINANCE_PREPARER, subject="regional-approver", organisation="cn/54")
    await counter.post(REGIONAL, "/delegations", a_delegation(), status=201)
    problems = []
    for preparer in (both, head):
        budget = await counter.post(preparer, "/budgets", budget_body(fund, 1), status=201)
        await counter.post(preparer, f"/budgets/{budget['id']}/submit", {})
        problems.append(await counter.post(both, f"/budgets/{budget['id']}/approve", {}, status=403))

    assert [each["code"] for each in problems] == ["same-person", "same-person"]


async def test_a_bad_delegation_is_told_in_both_languages(counter: Counter) -> None:
    """Everything that is wrong, in zh and en; who is no approver delegates nothing."""
    wrong = a_delegation(delegate_organisation="cn/51", valid_to="2024-01-01")
    for locale, words in (("zh-CN", "授权内容不符合规定。"), ("en", "The delegation does not hold.")):
        answer = await counter.post(REGIONAL, "/delegations", wrong, status=None, headers={"accept-language": locale})
        problem = answer.json()
        assert (answer.status_code, problem["detail"]) == (422, words)
        assert {error["code"] for error in problem["errors"]} == {"foreign-delegate", "impossible-date"}
    await counter.post(PREPARER, "/delegations", a_delegation(), status=403)
    await counter.post(REGIONAL, "/delegations", a_delegation(kinds=["everything"]), status=400)
    given = await counter.post(REGIONAL, "/delegations", a_delegation(), status=201)
    assert (await counter.post(MINISTRY, f"/delegations/{given['id']}/revoke", {}, status=403))["code"] == "not-yours"


async def test_the_database_refuses_a_chain_with_one_person_twice(counter: Counter) -> None:
    """The last line of F-01: whatever goes round the domain."""
    path = await planned(counter, await counter.fund(), 120)
    await counter.post(PREPARER, f"{path}/submit", {})
    await counter.post(REGIONAL, f"{path}/approve", {})
    engine = counter.service.running.engine
    again = "jsonb_set(chain, '{1,approved_by}', '\"regional-approver\"')"
    handler = "jsonb_set(chain, '{1,on_behalf_of}', to_jsonb(handlers ->> 0))"
    for change in (again, handler):
        with pytest.raises(IntegrityError, match="distinct_persons"):
            async with engine.begin() as connection:
                await connection.execute(text(f"UPDATE approval SET chain = {change}"))


@pytest.mark.parametrize("kind", ["fund", "budget", "allocation", "participation", "payee"])
async def test_what_is_frozen_does_not_move_and_facts_are_still_booked(counter: Counter, kind: str) -> None:
    """F-07: each kind stops its own decisions; what others say is booked; thawed, it goes on."""
    people = await due(counter, 2)
    pots = (await counter.get("/allocations"))["items"]
    further = await planned(counter, pots[0]["fund"], 1)
    subject = {
        "fund": pots[0]["fund"],
        "budget": further.removeprefix("/budgets/"),
        "allocation": pots[0]["id"],
        "participation": str(people[0]),
        "payee": "hosts/H001",
    }[kind]
    freeze = await counter.post(
        REGIONAL, "/freezes", {"kind": kind, "subject": subject, "reason": "inquiry"}, status=201
    )
    twice = await counter.post(REGIONAL, "/freezes", {"kind": kind, "subject": subject, "reason": "again"}, status=409)
    third = uuid4()
    await counter.hears(selected(third), placed(third), arrived(third))
    submitted = await counter.post(PREPARER, f"{further}/submit", {}, status=None)
    prepared = await counter.post(PREPARER, "/instalments/prepare", {"session": SESSION}, status=None)

    assert twice["code"] == ("wrong-state" if kind == "fund" else "already-frozen")
    assert (await counter.get(f"/participations/{third}"))["state"] == "committed"
    assert submitted.status_code == (409 if kind in ("fund", "budget") else 200)
    expected = {"budget": 3, "participation": 2}
    if kind in expected:
        assert prepared.json()["count"] == expected[kind]
    else:
        assert prepared.json()["code"] in ("frozen", "fund-frozen")
    assert [each["subject"] for each in (await counter.get("/freezes?state=frozen"))["items"]] == [subject]
    await counter.post(REGIONAL, f"/freezes/{freeze['id']}/thaw", {"reason": "settled"})
    if kind != "budget":
        assert (await counter.post(PREPARER, "/instalments/prepare", {"session": SESSION}))["count"] >= 1


async def test_what_was_approved_before_the_freeze_is_not_instructed(counter: Counter) -> None:
    """F-07: a freeze stops the payment at whatever step it stands; the rest of the session is paid."""
    people = await due(counter, 2)
    await counter.post(PREPARER, "/instalments/prepare", {"session": SESSION})
    await counter.post(REGIONAL, "/instalments/approve", {"session": SESSION})
    body = {"kind": "participation", "subject": str(people[0]), "reason": "inquiry"}
    freeze = await counter.post(REGIONAL, "/freezes", body, status=201)

    first = await counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=201)
    stopped = await counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=409)
    await counter.post(REGIONAL, f"/freezes/{freeze['id']}/thaw", {"reason": "settled"})
    second = await counter.post(TREASURER, "/disbursements", {"session": SESSION}, status=201)

    assert [line["participation"] for line in first["lines"]] == [str(people[1])]
    assert stopped["code"] == "frozen"
    assert [line["participation"] for line in second["lines"]] == [str(people[0])]


async def test_who_may_freeze_and_what(counter: Counter) -> None:
    """The finance authority only, what exists only."""
    body = {"kind": "participation", "subject": str(uuid4()), "reason": "x"}
    for actor in (PREPARER, TREASURER, AUDITOR):
        await counter.post(actor, "/freezes", body, status=403)
    await counter.post(REGIONAL, "/freezes", body, status=404)
    odd = await counter.post(
        REGIONAL, "/freezes", body | {"subject": "x"}, status=None, headers={"accept-language": "zh-CN"}
    )
    assert (odd.status_code, odd.json()["detail"]) == (400, "请以标识指明对象。")


async def test_a_named_frozen_payment_is_refused_with_its_reason(counter: Counter) -> None:
    """Passing over is for whole sessions; who names it is told."""
    people = await due(counter, 1)
    await counter.post(
        REGIONAL, "/freezes", {"kind": "participation", "subject": str(people[0]), "reason": "x"}, status=201
    )
    instalment = (await counter.get("/instalments"))["items"][0]["id"]

    problem = await counter.post(PREPARER, "/instalments/prepare", {"instalments": [instalment]}, status=409)

    assert (problem["code"], problem["errors"][0]["rule"]) == ("frozen", "F-07")


async def test_free_money_moves_between_sessions_with_its_sources(counter: Counter) -> None:
    """F-02, P-09: asked, signed, booked; the shares of the sources move along; the books stay balanced."""
    fund = await counter.fund()
    await counter.allocated(fund, 2)
    other = await planned(counter, fund, 1, "2025")
    await counter.post(PREPARER, f"{other}/submit", {})
    await counter.post(REGIONAL, f"{other}/approve", {})
    await counter.post(PREPARER, f"{other}/allocate", {})
    shifts = [{"source": "travel", "target": "insurance", "amount": yuan("1000.01")}]
    body = {"giver": SESSION, "taker": "2025", "shifts": shifts, "reason": "more insurance"}

    asked = await counter.post(PREPARER, "/reallocations", body, status=201)
    own = await counter.post(
        someone(Role.FINANCE_APPROVER, subject=PREPARER.subject, organisation="cn/54"),
        f"/reallocations/{asked['id']}/approve", {}, status=403,
    )  # fmt: skip
    booked = await counter.post(REGIONAL, f"/reallocations/{asked['id']}/approve", {})

    assert (own["code"], asked["state"], booked["state"]) == ("same-person", "in_approval", "booked")
    assert booked["sources"] == [
        {"source": "central", "amount": yuan("750.00")}, {"source": "regional", "amount": yuan("250.01")}
    ]  # fmt: skip
    pots = {pot["session"]: pot for pot in (await counter.get("/allocations"))["items"]}
    assert (pots[SESSION]["amount"]["amount"], pots["2025"]["available"]["amount"]) == ("38999.99", "21000.01")
    for pot in pots.values():
        cents = sum(int(part["amount"]["amount"].replace(".", "")) for part in pot["contributions"])
        assert cents == int(pot["amount"]["amount"].replace(".", ""))
    assert await counter.is_balanced()


async def test_every_posting_is_traced_to_its_sources(counter: Counter) -> None:
    """P-09: as the shares stood when it was booked; every source's debits are its credits, to the fen."""
    people = await due(counter, 1, 1)
    fund = (await counter.get("/allocations"))["items"][0]["fund"]
    before = {each["id"]: await counter.get(f"/entries/{each['id']}/sources") for each in await entries(counter)}
    body = budget_body(fund, 1) | {"contributions": [{"source": "regional", "amount": yuan(20_000)}]}
    path = f"/budgets/{(await counter.post(PREPARER, '/budgets', body, status=201))['id']}"
    await counter.post(PREPARER, f"{path}/submit", {})
    await counter.post(REGIONAL, f"{path}/approve", {})
    await counter.post(PREPARER, f"{path}/allocate", {})
    await counter.hears(selected(uuid4()))

    for each in await entries(counter):
        found = await counter.get(f"/entries/{each['id']}/sources")
        assert before.get(each["id"], found) == found
        sums: dict[str, int] = {}
        for side in found["postings"]:
            parts = {part["source"]: int(part["amount"].replace(".", "")) for part in side["sources"]}
            assert sum(parts.values()) == int(side["amount"].replace(".", ""))
            for source, amount in parts.items():
                sums[source] = sums.get(source, 0) + amount
        assert set(sums.values()) == {0}
    assert len(people) == 1


async def entries(counter: Counter) -> list[dict[str, Any]]:
    """All entries."""
    found: list[dict[str, Any]] = (await counter.get("/entries?limit=100"))["items"]
    return found


async def test_reallocations_never_overdraw_in_any_interleaving(counter: Counter) -> None:
    """F-02: what is promised meanwhile is not there any more; of racing moves only what is free goes through."""
    fund = await counter.fund()
    await counter.allocated(fund, 2)
    body = {"giver": SESSION, "taker": SESSION, "reason": "race"}
    shifts = [{"source": "travel", "target": "insurance", "amount": yuan(1500)}]
    asked = [await counter.post(PREPARER, "/reallocations", body | {"shifts": shifts}, status=201) for _ in range(4)]
    who = uuid4()

    answers, _ = await asyncio.gather(
        asyncio.gather(
            *(counter.post(REGIONAL, f"/reallocations/{each['id']}/approve", {}, status=None) for each in asked)
        ),
        counter.hears(selected(who)),
    )

    assert sorted(answer.status_code for answer in answers) in ([200, 200, 422, 422], [200, 422, 422, 422])
    accounts = (await counter.get(f"/accounts?owner={SESSION}&kind=available"))["items"]
    assert all(not account["balance"].startswith("-") for account in accounts)
    assert await counter.is_balanced()


async def test_what_cannot_be_reallocated(counter: Counter) -> None:
    """Every reason at once; nothing is kept."""
    fund = await counter.fund()
    await counter.allocated(fund, 1)
    shifts = [
        {"source": "travel", "target": "travel", "amount": yuan(1)},
        {"source": "banquets", "target": "travel", "amount": yuan(0)},
    ]
    body = {"giver": SESSION, "taker": SESSION, "shifts": shifts, "reason": "x"}
    wrong = await counter.post(PREPARER, "/reallocations", body, status=422)
    nowhere = await counter.post(PREPARER, "/reallocations", body | {"taker": "1999"}, status=422)
    much = body | {"shifts": [{"source": "travel", "target": "insurance", "amount": yuan(2001)}]}
    short = await counter.post(PREPARER, "/reallocations", much, status=422, headers={"accept-language": "zh-CN"})
    await counter.post(TREASURER, "/reallocations", body, status=403)

    assert {error["code"] for error in wrong["errors"]} == {"no-move", "not-positive", "purpose-locked"}
    assert (nowhere["code"], short["code"], short["detail"]) == ("no-allocation", "overdrawn", "余额不足。")
    assert (await counter.get("/reallocations"))["items"] == []
