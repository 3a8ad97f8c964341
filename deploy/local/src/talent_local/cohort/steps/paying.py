"""Money: prepared, approved, instructed, confirmed by the treasury's return file; clawed back; settled (F-01, F-04)."""

from __future__ import annotations

from functools import partial
from typing import Any

from talent_local.cohort import calendar
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Refused
from talent_local.cohort.road.road import Road
from talent_local.cohort.steps.waiting import INSTALMENTS, PARTICIPATIONS, states

DISBURSEMENTS = "/v1/funding/disbursements"
INSTRUCTED = "instructed"
NOTHING = "nothing-to-do"


async def pay(road: Road, name: str, *, rejecting: bool = False) -> int:
    """Pay until nothing is due: three persons sign, the treasury confirms line by line.

    Rounds are numbered by the batches that are there: whoever goes on after an interruption signs what is unsigned in a
    round of its own, instead of hearing the answers of a round that is over.

    Args:
        road: the road.
        name: of the step, part of the idempotency keys.
        rejecting: True when the treasury cannot pay the first line of the first batch; it is due again then.
    """
    paid = 0
    while True:
        before = await _batches(road)
        step = f"{name}-{len(before) + 1}"
        if not any(batch["state"] == INSTRUCTED for batch in before):
            body = {"session": calendar.SESSION}
            await _unless_nothing(road, persons.PREPARER, f"{INSTALMENTS}/prepare", body, step)
            await _unless_nothing(road, persons.APPROVER, f"{INSTALMENTS}/approve", body, step)
            await _unless_nothing(road, persons.TREASURER, DISBURSEMENTS, body, step)
        batches = await _batches(road)
        instructed = [batch for batch in batches if batch["state"] == INSTRUCTED]
        if not instructed:
            return paid
        for batch in instructed:
            path = f"{DISBURSEMENTS}/{batch['id']}"
            whole = await road.door.get(persons.TREASURER, path)
            refused = whole["lines"][0]["reference"] if rejecting and len(batches) == 1 else None
            lines = [_line(road, line["reference"], refused) for line in whole["lines"] if line["outcome"] is None]
            await road.door.post(persons.TREASURER, f"{path}/returns", {"lines": lines}, step=step)
            paid += sum(line["outcome"] == "paid" for line in lines)


async def _batches(road: Road) -> list[dict[str, Any]]:
    return await road.door.all(persons.TREASURER, DISBURSEMENTS, session=calendar.SESSION)


async def recover(road: Road, total: int) -> int:
    """Take back what must come back.

    Args:
        road: the road.
        total: instalments that funding claims back or has taken back, once it has heard everything.
    """

    async def claimed() -> bool:
        counts = await states(road, persons.AUDITOR, INSTALMENTS)
        return counts["awaiting_clawback"] + counts["clawed_back"] == total

    await road.until(f"{total} instalments are clawed back or to be", claimed)
    query = {"session": calendar.SESSION, "state": "awaiting_clawback"}
    rows = await road.door.all(persons.TREASURER, INSTALMENTS, **query)
    lines = [
        {
            "instalment": row["id"],
            "amount": row["clawback"],
            "recovered_on": road.today,
            "reference": f"RET-{road.today}-{n + 1}",
        }
        for n, row in enumerate(sorted(rows, key=lambda row: str(row["id"])))
    ]
    if lines:
        await road.door.post(persons.TREASURER, f"{INSTALMENTS}/recover", {"lines": lines}, step="recover")
    return len(lines)


async def mid_term(road: Road) -> int:
    """The mid-term instalments have become due by their date; pay them."""
    expected = road.cohort.size.places - road.cohort.size.early
    await _unless_nothing(
        road, persons.PREPARER, f"{INSTALMENTS}/raise-due", {"session": calendar.SESSION}, "raise-due"
    )

    async def met() -> bool:
        counts = await states(road, persons.AUDITOR, INSTALMENTS, milestone="mid-term")
        return counts.total() - counts["planned"] - counts["void"] == expected

    await road.until("the mid-term instalments are due", met)
    return await pay(road, "mid-term")


async def settle(road: Road) -> int:
    """Wait until funding has settled every participation that held a place to its end."""

    async def met() -> bool:
        counts = await states(road, persons.AUDITOR, PARTICIPATIONS)
        return counts["settled"] == road.cohort.size.places

    await road.until("every participation is settled", met)
    return road.cohort.size.places


async def close(road: Road) -> int:
    """Close the budget: what the session did not use goes back to its sources."""
    await settle(road)
    await road.door.post(persons.APPROVER, f"/v1/funding/budgets/{road.known['budget']}/close", step="close")
    return 1


async def _unless_nothing(road: Road, person: persons.Person, path: str, body: dict[str, Any], step: str) -> None:
    """A command over everything that is there; that there is nothing is no failure."""
    try:
        await road.door.post(person, path, body, step=step)
    except Refused as refusal:
        if refusal.code != NOTHING:
            raise


def _line(road: Road, reference: str, refused: str | None) -> dict[str, Any]:
    if reference == refused:
        return {"reference": reference, "outcome": "rejected", "on": road.today, "reason": "account-closed"}
    return {"reference": reference, "outcome": "paid", "on": road.today}


pay_arrival = partial(pay, name="arrival", rejecting=True)
