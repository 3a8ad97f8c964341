"""From the application to the local review (S-02, S-03, S-04, S-09)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from talent_local.cohort import calendar
from talent_local.cohort.people.applicants import Applicant, Way
from talent_local.cohort.places.units import Unit
from talent_local.cohort.road import persons
from talent_local.cohort.road.road import Road, Step, together

APPLICATIONS = "/v1/selection/applications"


async def recommend_early(road: Road) -> int:
    """Every second unit recommends before its people have applied: the two acts need no order (S-03)."""
    call = road.known["call"]
    return await _recommend(road, road.cohort.units[::2], lambda who: {"call": call, "account": who.account})


async def apply(road: Road) -> int:
    """Everybody writes an application and hands it in."""

    async def one(who: Applicant) -> str:
        person = persons.applicant(who)
        body = who.application(road.known["call"])
        made = await road.door.post(person, APPLICATIONS, body, step="apply", subject=who.account)
        await road.door.post(person, f"{APPLICATIONS}/{made['id']}/submit", step="submit")
        return str(made["id"])

    road.known["participations"] = await together([one(who) for who in road.cohort.applicants])
    return len(road.cohort.applicants)


async def recommend(road: Road) -> int:
    """The other units recommend what lies before them."""
    return await _recommend(road, road.cohort.units[1::2], lambda who: {"application": road.participation(who)})


async def withdraw(road: Road) -> int:
    """Some think better of it."""
    leaving = _of(road, Way.WITHDRAWS)
    for who in leaving:
        path = f"{APPLICATIONS}/{road.participation(who)}/withdraw"
        await road.door.post(persons.applicant(who), path, {"reason": "family"}, step="withdraw")
    return len(leaving)


async def waive(road: Road) -> int:
    """The region waives the title rule for listed specialties, with a reason (S-09)."""
    count = 0
    for who in _of(road, Way.WAIVED):
        path = f"{APPLICATIONS}/{road.participation(who)}"
        known = await road.door.get(persons.REGIONAL, path)
        for row in known["eligibility"]:
            if row["outcome"] == "unmet" and row.get("waiver_role"):
                body = {"rule": row["rule"], "reason": "紧缺专业，基层工作表现突出，同意放宽。"}
                await road.door.post(persons.REGIONAL, f"{path}/waivers", body, step="waive", subject=row["rule"])
                count += 1
    return count


async def review(road: Road) -> int:
    """Local reviewers decide: approve, return for correction, reject with a coded reason (S-04)."""
    return await _review(road, [who for who in road.cohort.applicants if who.way is not Way.WITHDRAWS], first=True)


async def correct(road: Road) -> int:
    """Who was asked to, corrects and hands in again; the reviewers look at it once more."""
    returned = _of(road, Way.RETURNED)
    for who in returned:
        path = f"{APPLICATIONS}/{road.participation(who)}"
        person = persons.applicant(who)
        await road.door.post(person, f"{path}/correct", who.form(), step="correct")
        await road.door.post(person, f"{path}/submit", step="submit-again")
    return await _review(road, returned, first=False)


def candidates(road: Road) -> list[Applicant]:
    """Those who pass the local review."""
    return [who for who in road.cohort.applicants if who.way not in {Way.WITHDRAWS, Way.REJECTED}]


def by_unit(people: Iterable[Applicant]) -> dict[Unit, list[Applicant]]:
    """People by sending unit."""
    groups: dict[Unit, list[Applicant]] = defaultdict(list)
    for who in people:
        groups[who.unit].append(who)
    return groups


async def _recommend(road: Road, units: list[Unit], named: Callable[[Applicant], dict[str, str]]) -> int:
    people = by_unit(who for who in road.cohort.applicants if who.unit in set(units))

    async def one(unit: Unit, staff: list[Applicant]) -> None:
        items = [named(who) | {"opinion": "given"} for who in staff]
        await road.door.post(
            persons.unit_officer(unit), "/v1/selection/recommendations", {"items": items}, step="recommend"
        )

    await together([one(unit, staff) for unit, staff in people.items()])
    return sum(len(staff) for staff in people.values())


async def _review(road: Road, people: list[Applicant], *, first: bool) -> int:
    offices: dict[str, list[Applicant]] = defaultdict(list)
    for who in people:
        offices[who.unit.reviewer].append(who)

    async def one(office: str, staff: list[Applicant]) -> None:
        items = [{"application": road.participation(who)} | _decision(who, first=first) for who in staff]
        body = {"items": items}
        await road.door.post(persons.reviewer(office), "/v1/selection/reviews", body, step="review", subject=str(first))

    await together([one(office, staff) for office, staff in offices.items()])
    return len(people)


def _decision(who: Applicant, *, first: bool) -> dict[str, Any]:
    if who.way is Way.RETURNED and first:
        return {"decision": "return", "reason": "documents-incomplete", "comment": "请补充任职年限证明。"}
    if who.way is Way.REJECTED:
        return {"decision": "reject", "reason": "unit-cannot-release"}
    return {"decision": "approve"}


def _of(road: Road, way: Way) -> list[Applicant]:
    return [who for who in road.cohort.applicants if who.way is way]


STEPS = (
    Step("recommend-early", "recommendations before the application", recommend_early, calendar.APPLYING),
    Step("apply", "applications handed in", apply),
    Step("recommend", "recommendations after the application", recommend),
    Step("withdraw", "applications withdrawn", withdraw),
    Step("waive", "rules waived with a reason", waive, calendar.REVIEWING),
    Step("review", "applications reviewed locally", review),
    Step("correct", "corrected, handed in again, reviewed", correct),
)
