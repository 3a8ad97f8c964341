"""Assessment, certificate, last money, and one certificate that is taken back (C-01, C-02, C-03)."""

from __future__ import annotations

from random import Random

from talent_local.cohort import calendar
from talent_local.cohort.people.applicants import Applicant
from talent_local.cohort.places.hosts import Host
from talent_local.cohort.places.units import Unit
from talent_local.cohort.road import persons
from talent_local.cohort.road.road import Road, Step
from talent_local.cohort.steps.lists import Row, per_host, per_unit, placements
from talent_local.cohort.steps.paying import close, pay, recover, settle
from talent_local.cohort.steps.waiting import ASSESSMENTS, closed, due, states

SHEETS = "/v1/assessment/sheets"
CERTIFICATES = "/v1/assessment/certificates"
FAILED = "48"


async def evaluate(road: Road) -> int:
    """Hosts and sending units hand in their evaluations."""
    home = [row for row in await placements(road, "returned_to_post", "ended") if row["end_kind"] == "normal"]

    async def host(one: Host, own: list[Row]) -> None:
        items = [{"participation": row["id"], "score": _score(road, row["id"], "host")} for row in own]
        body = {"component": "mentor_evaluation", "items": items}
        await road.door.post(persons.host_officer(one), SHEETS, body, step="evaluate")

    async def unit(one: Unit, staff: list[Applicant]) -> None:
        keys = [road.participation(who) for who in staff]
        items = [{"participation": key, "score": _score(road, key, "unit")} for key in keys]
        body = {"component": "unit_evaluation", "items": items}
        await road.door.post(persons.unit_officer(one), SHEETS, body, step="evaluate")

    await per_host(road, home, host)
    await per_unit(road, home, unit)

    async def complete() -> bool:
        counts = await states(road, persons.MINISTRY, ASSESSMENTS)
        return counts["evidence_complete"] + counts["conducted"] + counts["result_recorded"] == len(home)

    await road.until("all evidence is there", complete)
    return 2 * len(home)


async def assess(road: Road) -> int:
    """The region's panel scores, records results; another person confirms them (C-01)."""
    failing = set(road.known["fates"]["failing"])
    rows = await road.door.all(persons.MINISTRY, ASSESSMENTS, session=calendar.SESSION)
    keys = sorted(str(row["participation"]) for row in rows if row["state"] == "evidence_complete")
    if keys:
        scores = [
            {"participation": key, "score": FAILED if key in failing else _score(road, key, "panel")} for key in keys
        ]
        await road.door.post(persons.ASSESSOR, SHEETS, {"component": "panel", "items": scores}, step="assess")
    rows = await road.door.all(persons.MINISTRY, ASSESSMENTS, session=calendar.SESSION)
    keys = sorted(str(row["participation"]) for row in rows if row["state"] == "conducted")
    if keys:
        results = [{"participation": key, "outcome": "fail" if key in failing else "pass"} for key in keys]
        await road.door.post(persons.ASSESSOR, "/v1/assessment/results", {"items": results}, step="result")
    rows = await road.door.all(persons.MINISTRY, ASSESSMENTS, session=calendar.SESSION)
    keys = sorted(str(row["participation"]) for row in rows if row["state"] == "result_recorded")
    if keys:
        items = [{"participation": key} for key in keys]
        await road.door.post(persons.ASSESSOR_2, "/v1/assessment/confirmations", {"items": items}, step="confirm")
    await closed(road, road.cohort.size.early + road.cohort.size.failing)
    return len(keys)


async def certify(road: Road) -> int:
    """The ministry issues the certificates of the session (C-02)."""
    body = {"programme": calendar.PROGRAMME, "session": calendar.SESSION}
    issued = await road.door.post(persons.ISSUER, f"{CERTIFICATES}/issue", body, step="certify")
    await due(road, "certified", int(issued["count"]))
    await closed(road, road.cohort.size.places)
    return int(issued["count"])


async def pay_last(road: Road) -> int:
    """The last instalments are paid; with them every participation is settled."""
    paid = await pay(road, "certified")
    await settle(road)
    return paid


async def revoke(road: Road) -> int:
    """One certificate turns out to be wrong: revoked, and its instalment comes back."""
    holder = road.known["fates"]["revoked"]
    rows = await road.door.all(persons.ISSUER, CERTIFICATES, participation=holder)
    standing = [row for row in rows if row["state"] == "issued"]
    for row in standing:
        await road.door.post(persons.ISSUER, f"{CERTIFICATES}/{row['id']}/revoke", {"reason": "fraud"}, step="revoke")
    count = await recover(road, road.cohort.size.early + 1)
    await settle(road)
    return count


def _score(road: Road, participation: str, who: str) -> str:
    """A score of 70 to 98 in steps of one half, the same in every run."""
    random = Random(f"{road.cohort.seed}:{road.applicant(participation).number}:{who}")
    halves = random.randrange(140, 197)
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)


STEPS = (
    Step("evaluate", "evaluations by hosts and units", evaluate, calendar.ASSESSING),
    Step("assess", "assessed: scored, recorded, confirmed by another", assess),
    Step("certify", "certificates issued", certify, calendar.CERTIFYING),
    Step("pay-certified", "last instalments paid, everything settled", pay_last, calendar.SETTLING),
    Step("revoke", "certificate revoked, its instalment clawed back", revoke, calendar.REVOKING),
    Step("close", "budget closed, the rest returned to its sources", close),
)
