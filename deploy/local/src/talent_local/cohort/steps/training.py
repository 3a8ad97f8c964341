"""The term: arrival, first money, an early end, quarterly reports, mid-term money, the end, the way home (M-03, D-02)."""

from __future__ import annotations

from functools import partial

from talent_local.cohort import calendar
from talent_local.cohort.people.applicants import Applicant
from talent_local.cohort.places.hosts import Host
from talent_local.cohort.places.units import Unit
from talent_local.cohort.road import persons
from talent_local.cohort.road.road import Road, Step, together
from talent_local.cohort.steps.lists import Row, per_host, per_unit, placements
from talent_local.cohort.steps.paying import mid_term, pay_arrival, recover
from talent_local.cohort.steps.waiting import ASSESSMENTS, closed, due, released, states

REPORTS = "/v1/placement/reports"
ACKNOWLEDGEMENTS = "/v1/placement/acknowledgements"
ENDINGS = "/v1/placement/endings"


async def arrive(road: Road) -> int:
    """Hosts record the actual days of arrival."""

    async def one(host: Host, own: list[Row]) -> None:
        items = [
            {"participation": row["id"], "arrived_on": calendar.arrival(road.applicant(row["id"]).number).isoformat()}
            for row in own
        ]
        await road.door.post(persons.host_officer(host), "/v1/placement/arrivals", {"items": items}, step="arrive")

    count = await per_host(road, await placements(road, "confirmed"), one)
    await due(road, "arrival", road.cohort.size.places)
    await released(road)
    return count


async def end_early(road: Road) -> int:
    """Some break off; part of what was paid must come back."""
    leaving = set(road.known["fates"]["early"])

    async def one(host: Host, own: list[Row]) -> None:
        items = [{"participation": row["id"], "ended_on": road.today, "reason": "health"} for row in own]
        await road.door.post(persons.host_officer(host), ENDINGS, {"items": items}, step="end-early")

    rows = [row for row in await placements(road, "arrived", "active") if row["id"] in leaving]
    await per_host(road, rows, one)
    count = await recover(road, len(leaving))

    async def void() -> bool:
        counts = await states(road, persons.MINISTRY, ASSESSMENTS)
        return counts["void"] >= len(leaving)

    await road.until("assessment has let them go", void)
    await closed(road, len(leaving))
    return count


async def report(road: Road, period: int) -> int:
    """Trainees report in writing; sending unit and region take note (D-02)."""
    owed = await _reports(road, period, "due", "overdue")

    async def hand_in(row: Row) -> None:
        who = road.applicant(row["participation"])
        body = {"text": f"第{period}季度学习情况：按培养方案完成岗位任务和专题学习，收获较大。"}
        await road.door.post(persons.applicant(who), f"{REPORTS}/{row['id']}/submit", body, step="report")

    await together([hand_in(row) for row in owed])
    submitted = {str(row["participation"]): row for row in await _reports(road, period, "submitted")}

    async def take_note(unit: Unit, staff: list[Applicant]) -> None:
        items = [{"report": submitted[road.participation(who)]["id"]} for who in staff]
        await road.door.post(persons.unit_officer(unit), ACKNOWLEDGEMENTS, {"items": items}, step="take-note")

    await per_unit(road, [row for row in submitted.values() if not row["acknowledged_unit_on"]], take_note)
    unread = [{"report": row["id"]} for row in submitted.values() if not row["acknowledged_region_on"]]
    if unread:
        await road.door.post(persons.REGIONAL, ACKNOWLEDGEMENTS, {"items": unread}, step="take-note")
    return len(submitted)


async def end(road: Road) -> int:
    """Hosts record the end of the term."""

    async def one(host: Host, own: list[Row]) -> None:
        items = [{"participation": row["id"], "ended_on": row["planned_end"]} for row in own]
        await road.door.post(persons.host_officer(host), ENDINGS, {"items": items}, step="end")

    return await per_host(road, await placements(road, "arrived", "active"), one)


async def come_home(road: Road) -> int:
    """Units record that their people are back."""

    async def one(unit: Unit, staff: list[Applicant]) -> None:
        items = [{"participation": road.participation(who), "returned_on": road.today} for who in staff]
        await road.door.post(persons.unit_officer(unit), "/v1/placement/returns", {"items": items}, step="return")

    started = [row for row in await placements(road, "ended") if row["arrived_on"]]
    return await per_unit(road, started, one)


async def _reports(road: Road, period: int, *states: str) -> list[Row]:
    rows = await road.door.all(persons.REGIONAL, REPORTS, session=calendar.SESSION, period=str(period))
    return sorted((row for row in rows if row["state"] in states), key=lambda row: str(row["id"]))


FIRST, SECOND, THIRD, FOURTH = calendar.REPORTING

STEPS = (
    Step("arrive", "trainees arrived at their hosts", arrive, calendar.ARRIVING),
    Step("pay-arrival", "first instalments paid, one after a rejection", pay_arrival),
    Step("end-early", "ended early, money clawed back", end_early, calendar.ENDING_EARLY),
    Step("report-1", "first reports handed in and acknowledged", partial(report, period=1), FIRST),
    Step("report-2", "second reports", partial(report, period=2), SECOND),
    Step("pay-mid-term", "mid-term instalments paid", mid_term, calendar.MID_TERM),
    Step("report-3", "third reports", partial(report, period=3), THIRD),
    Step("report-4", "fourth reports", partial(report, period=4), FOURTH),
    Step("end", "terms ended", end, calendar.ENDING),
    Step("come-home", "trainees back at their units", come_home),
)
