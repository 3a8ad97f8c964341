"""Agreement, mentor and training plan before the start (M-04 to M-10, P-15)."""

from __future__ import annotations

from functools import partial
from typing import Any

from talent_local.cohort import calendar
from talent_local.cohort.people.applicants import Applicant
from talent_local.cohort.places.hosts import Host
from talent_local.cohort.places.units import Unit
from talent_local.cohort.road import persons
from talent_local.cohort.road.road import Road, Step, together
from talent_local.cohort.steps.lists import Row, per_host, per_unit, placements
from talent_local.cohort.steps.matching import leave, match

AGREEMENTS = "/v1/placement/agreements"
MENTORSHIPS = "/v1/placement/mentorships"
PLANS = "/v1/placement/plans"

TERMS = {
    "duties": {
        "trainee": ["按时报到，遵守培养单位规章，按季度书面报告学习情况。", "期满返回原单位工作。"],
        "sending_unit": ["保留岗位和工资待遇，支持学员学习。", "期满安排合适岗位。"],
    },
    "service_years": 3,
}


async def sign(road: Road) -> int:
    """Draft agreements, lay them before the parties, have them signed by both and filed (M-04)."""
    door = road.door
    rows = [row for row in await placements(road, "confirmed") if not row["agreement"]]
    if rows:
        items = [{"participation": row["id"], "terms": TERMS} for row in rows]
        await door.post(persons.REGIONAL, AGREEMENTS, {"items": items}, step="draft")
    if refs := [{"agreement": row["id"]} for row in await _found(road, AGREEMENTS, state="draft")]:
        await door.post(persons.REGIONAL, f"{AGREEMENTS}/offers", {"items": refs}, step="lay-before")
    offered = await _found(road, AGREEMENTS, state="offered")
    unsigned = {
        role: {row["participation"]: row["id"] for row in offered if _open(row, role)}
        for role in ("trainee", "sending_unit")
    }

    async def trainee(participation: str, agreement: str) -> None:
        who = persons.applicant(road.applicant(participation))
        await door.post(who, f"{AGREEMENTS}/{agreement}/sign", step="sign")

    async def unit(sending: Unit, staff: list[Applicant]) -> None:
        own = [{"agreement": unsigned["sending_unit"][road.participation(who)]} for who in staff]
        await door.post(persons.unit_officer(sending), f"{AGREEMENTS}/signatures", {"items": own}, step="sign")

    await together([trainee(*pair) for pair in unsigned["trainee"].items()])
    await per_unit(road, [{"id": one} for one in unsigned["sending_unit"]], unit)
    signed = await _found(road, AGREEMENTS, state="in_force")
    if signed:
        numbered = [{"agreement": row["id"], "number": _filing(road, row["participation"])} for row in signed]
        await door.post(persons.REGIONAL, f"{AGREEMENTS}/filings", {"items": numbered}, step="file-agreements")
    return len(signed)


async def mentor(road: Road) -> int:
    """Hosts assign mentors, who are in touch with their trainees before the start (M-05)."""
    everybody = await placements(road, "confirmed")
    contacted = road.today

    async def assign(host: Host, own: list[Row]) -> None:
        taken = sum(1 for row in everybody if row["host"] == host.path and row["mentorship"])
        named = [{"participation": row["id"], "mentor": host.mentor(taken + n)} for n, row in enumerate(own)]
        await road.door.post(persons.host_officer(host), MENTORSHIPS, {"items": named}, step="mentor")

    async def meet(host: Host, own: list[Row]) -> None:
        items = [{"mentorship": row["id"], "contacted_on": contacted} for row in own]
        await road.door.post(persons.host_officer(host), f"{MENTORSHIPS}/pre-contacts", {"items": items}, step="meet")

    async def activate(host: Host, own: list[Row]) -> None:
        items = [{"mentorship": row["id"]} for row in own]
        await road.door.post(
            persons.host_officer(host), f"{MENTORSHIPS}/activations", {"items": items}, step="activate"
        )

    await per_host(road, [row for row in everybody if not row["mentorship"]], assign)
    await per_host(road, await _found(road, MENTORSHIPS, state="proposed"), meet)
    return await per_host(road, await _found(road, MENTORSHIPS, state="pre_contact_done"), activate)


async def plan(road: Road) -> int:
    """Hosts write plans, trainees are heard, hosts approve (M-06, M-07)."""
    lacking = [row for row in await placements(road, "confirmed") if not row["plan"]]
    drafted = {str(row["participation"]) for row in await _found(road, PLANS)}

    async def draft(host: Host, own: list[Row]) -> None:
        items = [{"participation": row["id"]} | _plan_of(row, host) for row in own]
        await road.door.post(persons.host_officer(host), PLANS, {"items": items}, step="plan")

    async def hear(row: Row) -> None:
        body = {"comments": "同意培养方案，希望增加实地考察。", "agrees": True}
        who = persons.applicant(road.applicant(row["participation"]))
        await road.door.post(who, f"{PLANS}/{row['id']}/consult", body, step="consult")

    async def approve(host: Host, own: list[Row]) -> None:
        items = [{"plan": row["id"]} for row in own]
        await road.door.post(persons.host_officer(host), f"{PLANS}/approvals", {"items": items}, step="approve-plan")

    await per_host(road, [row for row in lacking if row["id"] not in drafted], draft)
    await together([hear(row) for row in await _found(road, PLANS, state="draft")])
    return await per_host(road, await _found(road, PLANS, state="trainee_consulted"), approve)


async def replace(road: Road) -> int:
    """The last place is filled again: matched, signed, mentored, planned."""
    await match(road, "match-3", 2)
    await sign(road)
    await mentor(road)
    return await plan(road)


async def _found(road: Road, path: str, **query: Any) -> list[Row]:
    rows = await road.door.all(persons.REGIONAL, path, **query)
    return sorted(rows, key=lambda row: str(row["participation"]))


def _open(agreement: Row, role: str) -> bool:
    return any(party["role"] == role and party["signed_on"] is None for party in agreement["parties"])


def _filing(road: Road, participation: str) -> str:
    return f"藏特培协〔{calendar.SESSION}〕{road.applicant(participation).number:04d}号"


def _plan_of(row: Row, host: Host) -> dict[str, Any]:
    start, end = row["planned_start"], row["planned_end"]
    modes = {"health": "clinic", "agriculture": "field"}
    return {
        "post": "业务科室（团队）工作岗位",
        "tasks": ["参加日常业务工作", "承担一项专题任务", "整理可带回本单位的技术资料"],
        "inputs": {
            "unit_needs": "选送单位急需提升本专业技术和管理能力。",
            "trainee_situation": "具备本专业基础，希望提高解决实际问题的能力。",
            "teachers": "由本单位高级职称人员担任导师。",
        },
        "parts": [
            {"mode": "work_post", "title": "岗位实践", "starts_on": start, "ends_on": end},
            {"mode": "course", "title": "专业课程", "starts_on": start, "ends_on": "2024-12-31"},
            {"mode": modes.get(host.group, "research"), "title": "专题培养", "starts_on": "2025-01-02", "ends_on": end},
        ],
        "outcomes": ["独立承担一项业务", "形成一份可推广的技术总结"],
    }


STEPS = (
    Step("sign", "agreements signed by both parties and filed", sign, calendar.PREPARING),
    Step("mentor", "mentors in touch and active", mentor),
    Step("plan", "training plans consulted and in force", plan),
    Step("leave-3", "left with the agreement signed, reserve moved up", partial(leave, which=2), calendar.REPLACING),
    Step("replace", "the place filled again and prepared", replace),
)
