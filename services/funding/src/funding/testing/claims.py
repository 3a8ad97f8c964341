"""People who claim, and the standards they claim by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

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
from funding.testing.office import PROGRAMME, SESSION, policy_content
from shared.kernel.actor import Actor, Role
from shared.testing.actors import someone

HOST = someone(Role.HOST_OFFICER, subject="host-officer", organisation="hosts/H001")
OTHER_HOST = someone(Role.HOST_OFFICER, subject="other-host", organisation="hosts/H002")
CHECKER = someone(Role.FINANCE_PREPARER, subject="claim-checker", organisation="cn/54")
CLASS = "class-1"
STANDARDS: dict[str, Any] = {
    "submit_within_days": 60,
    "standards": [
        {
            "category": "class-lodging", "per": "person_day", "ceiling": "340.00", "evidence": ["invoice"],
            "long_stay": {"full_days": 30, "share": 7000},
        },
        {"category": "class-travel", "per": "item", "ceiling": "1200.00", "evidence": ["ticket"], "days_around": 2},
        {"category": "class-materials", "per": "term", "ceiling": "50.00"},
    ],
}  # fmt: skip


async def fund_with_claims(counter: Counter, yuan_each: int = 100_000) -> str:
    """A fund whose policy reimburses, and that many yuan for each category in the session's pot; gives the fund's id."""
    for version, more in (("batch-3", {}), ("batch-4", {"reimbursement": STANDARDS})):
        path = f"/v1/funding/policies/{PROGRAMME}/{version}"
        content = policy_content(version) | more
        expect(await counter.service.call(Actor("op", "cn", frozenset({Role.OPERATOR})), "PUT", path, content), 200)
    sources = [{"code": "central", "name": "中央财政"}]
    body = {"code": "TST4", "name": "特培经费", "programme": PROGRAMME, "policy": "batch-4", "sources": sources}
    opened = await counter.post(PREPARER, "/funds", body, status=201)
    fund: str = opened["id"]
    grant = {"source": "central", "amount": yuan(10_000_000), "reference": "doc", "granted_on": "2024-03-01"}
    await counter.post(TREASURER, f"/funds/{fund}/grants", grant, status=201)
    lines = [{"category": category, "amount": yuan(yuan_each)} for category in opened["purposes"]]
    budget = {
        "fund": fund, "session": SESSION, "batch": "batch-4", "policy": "batch-4", "lines": lines,
        "contributions": [{"source": "central", "amount": yuan(yuan_each * len(lines))}],
    }  # fmt: skip
    made = await counter.post(PREPARER, "/budgets", budget, status=201)
    made = await counter.post(PREPARER, f"/budgets/{made['id']}/submit", {})
    for step in made["chain"]:
        signer = REGIONAL if step["authority"] == "regional" else MINISTRY
        await counter.post(signer, f"/budgets/{made['id']}/approve", {})
    await counter.post(PREPARER, f"/budgets/{made['id']}/allocate", {})
    return fund


async def registered_class(counter: Counter, code: str = CLASS, days: int = 40) -> dict[str, Any]:
    """A class of 40 days for 20 persons, run by the host."""
    body = {
        "kind": "session", "code": code, "session": SESSION, "organisation": "hosts/H001", "starts_on": "2024-07-01",
        "ends_on": (date(2024, 7, 1) + timedelta(days - 1)).isoformat(),
        "persons": 20, "province": "11",
    }  # fmt: skip
    made: dict[str, Any] = await counter.post(PREPARER, "/cost-objects", body, status=201)
    counter.set_day(date(2024, 8, 20))
    return made


async def a_person_served(counter: Counter) -> UUID:
    """Somebody who was placed and is there since the first of July."""
    who = uuid4()
    await counter.hears(selected(who), placed(who), arrived(who))
    return who


def invoice(number: str) -> dict[str, Any]:
    """An invoice as evidence."""
    return {"document": str(uuid4()), "sha256": "a" * 64, "kind": "invoice", "number": number}


def lodging(first: str, last: str, amount: str, number: str, persons: int = 1) -> dict[str, Any]:
    """A line for lodging."""
    return {
        "category": "class-lodging", "from_day": first, "to_day": last, "amount": yuan(amount), "persons": persons,
        "evidence": [invoice(number)],
    }  # fmt: skip


async def drafted(counter: Counter, *lines: dict[str, Any], code: str = CLASS, kind: str = "session") -> dict[str, Any]:
    """A draft of the host."""
    body = {"cost_kind": kind, "cost_object": code, "lines": list(lines)}
    made: dict[str, Any] = await counter.post(HOST, "/claims", body, status=201)
    return made


async def submitted(counter: Counter, *lines: dict[str, Any], code: str = CLASS) -> dict[str, Any]:
    """A claim handed in by the host."""
    made = await drafted(counter, *lines, code=code)
    done: dict[str, Any] = await counter.post(HOST, f"/claims/{made['id']}/submit", {})
    return done


async def granted(counter: Counter, claim: dict[str, Any], *cuts: dict[str, Any]) -> dict[str, Any]:
    """The claim through check and its whole chain."""
    path = f"/claims/{claim['id']}"
    claim = await counter.post(CHECKER, f"{path}/check", {"cuts": list(cuts)})
    for step in claim["chain"]:
        signer = REGIONAL if step["authority"] == "regional" else MINISTRY
        claim = await counter.post(signer, f"{path}/approve", {})
    return claim
