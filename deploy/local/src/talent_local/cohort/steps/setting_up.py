"""Before anybody applies: policies, organisations, hosts, session, call, money (P-01, P-02, S-01, S-02, F-02, F-03)."""

from __future__ import annotations

from typing import Any

from talent_local.cohort import calendar
from talent_local.cohort.cohort import FULL, Size, scaled_batch, scaled_nodes
from talent_local.cohort.places.units import REGION, registry
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door, Refused
from talent_local.cohort.road.road import Road, Step
from talent_local.commands.observations import PATH, editions, known_already
from talent_local.commands.programme import documents
from talent_local.home import checkout

PROGRAMME_PATH = f"/v1/selection/programmes/{calendar.PROGRAMME}/batches/{calendar.BATCH}"
POLICY_PATH = f"policies/{calendar.PROGRAMME}/{calendar.BATCH}"
GRANT_AIR = 120
"""Percent of the rate card that is budgeted."""


async def apply_programme(door: Door, size: Size, *, stated: bool = True) -> dict[str, Any]:
    """Put every policy in force, the session at the size of the cohort, and load stated numbers; the selection policy.

    Args:
        door: the gateway's.
        size: of the cohort.
        stated: False leaves the stated numbers out, for a release that does not know them yet.
    """
    for path, content in documents(checkout() / "programmes" / calendar.PROGRAMME):
        scaled = path == PROGRAMME_PATH and size.places != FULL.places
        body = scaled_batch(content, calendar.SESSION, size.places) if scaled else content
        await door.command(persons.OPERATOR, "PUT", path, body, step="apply", subject=path)
    for content in editions(checkout() / "programmes" / "observations") if stated else ():
        try:
            await door.post(persons.OPERATOR, PATH, content, step="observations", subject=content["dataset"])
        except Refused as refused:  # somebody loaded them before, with `talent apply`
            if not known_already(refused.status, refused.problem):
                raise
    policy = await door.get(persons.OPERATOR, f"/v1/selection/{POLICY_PATH}")
    resolved: dict[str, Any] = policy["resolved"]
    return resolved


async def register(road: Road) -> int:
    """Register organisations and hosts."""
    rows = registry(road.cohort.units)
    items = {"items": rows}
    await road.door.command(persons.OPERATOR, "PUT", "/v1/selection/organisations", items, step="organisations")
    hosts = {"items": [host.row for host in road.cohort.hosts]}
    await road.door.command(persons.OPERATOR, "PUT", "/v1/placement/hosts", hosts, step="hosts")
    return len(rows) + len(road.cohort.hosts)


async def open_call(road: Road) -> int:
    """Open the session with its quota tree and publish the call."""
    size = road.cohort.size
    body: dict[str, Any] = {
        "programme": calendar.PROGRAMME, "batch": calendar.BATCH, "session": calendar.SESSION,
    }  # fmt: skip
    if size.places != FULL.places:
        policy = await road.door.get(persons.OPERATOR, f"/v1/selection/{POLICY_PATH}")
        plan = next(row for row in policy["resolved"]["sessions"] if row["code"] == calendar.SESSION)
        body["quota_nodes"] = scaled_nodes(plan["quota_nodes"], size.places, FULL.places)
    session = await road.door.post(persons.REGIONAL, "/v1/selection/sessions", body, step="session")
    call = {
        "session": session["id"],
        "opens_at": calendar.CALL_OPENS,
        "closes_at": calendar.CALL_CLOSES,
        "scope": REGION,
    }
    published = await road.door.post(persons.REGIONAL, "/v1/selection/calls", call, step="call")
    road.known.update(session=session["id"], call=published["id"])
    return 1


async def fund(road: Road) -> int:
    """Open the fund, take in the grants, have the budget approved by its chain, allocate it to the session."""
    door, step = road.door, "fund"
    policy = await door.get(persons.PREPARER, f"/v1/funding/{POLICY_PATH}")
    lines = [(rate["category"], _dearest(rate) * road.cohort.size.places) for rate in policy["effective"]["rate_card"]]
    amounts = {category: -(-amount * GRANT_AIR // 100 // 100_000) * 100_000 for category, amount in lines}
    total = sum(amounts.values())
    shares = {"central": total * 3 // 5, "regional": total - total * 3 // 5}
    sources = [{"code": "central", "name": "中央财政"}, {"code": "regional", "name": "自治区财政"}]
    body = {
        "code": f"tst-{calendar.SESSION}", "name": "西藏特培专项经费", "programme": calendar.PROGRAMME,
        "policy": calendar.BATCH, "sources": sources,
    }  # fmt: skip
    opened = await door.post(persons.PREPARER, "/v1/funding/funds", body, step=step)
    for source, amount in shares.items():
        grant = {
            "source": source, "amount": _money(amount), "reference": f"{calendar.SESSION}-{source}-001",
            "granted_on": calendar.SET_UP,
        }  # fmt: skip
        await door.post(persons.TREASURER, f"/v1/funding/funds/{opened['id']}/grants", grant, step=step)
    plan = {
        "fund": opened["id"], "session": calendar.SESSION, "batch": calendar.BATCH, "policy": calendar.BATCH,
        "lines": [{"category": category, "amount": _money(amount)} for category, amount in amounts.items()],
        "contributions": [{"source": source, "amount": _money(amount)} for source, amount in shares.items()],
    }  # fmt: skip
    budget = await door.post(persons.PREPARER, "/v1/funding/budgets", plan, step=step)
    path = f"/v1/funding/budgets/{budget['id']}"
    submitted = await door.post(persons.PREPARER, f"{path}/submit", step=step)
    for signature in submitted["chain"]:
        signer = persons.finance_approver(signature["organisation"])
        await door.post(signer, f"{path}/approve", step=step, subject=signer.account)
    await door.post(persons.PREPARER, f"{path}/allocate", step=step)
    road.known.update(fund=opened["id"], budget=budget["id"])
    return len(submitted["chain"])


def _dearest(rate: dict[str, Any]) -> int:
    """Fen of a rate where it is highest."""
    return max(_fen(amount) for amount in (rate["amount"], *rate.get("by_province", {}).values()))


def _fen(amount: str) -> int:
    yuan, _, cents = amount.partition(".")
    return int(yuan) * 100 + int(cents.ljust(2, "0") or 0)


def _money(amount: int) -> dict[str, str]:
    return {"amount": f"{amount // 100}.{amount % 100:02d}", "currency": "CNY"}


STEPS = (
    Step("register", "organisations and hosts registered", register),
    Step("open-call", "session opened, call published", open_call),
    Step("fund", "fund opened, budget signed by its authorities, allocated", fund),
)
