"""From the roster to confirmed placements, with hosts that decline and places that are filled again (M-01, M-03)."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from talent_local.cohort import calendar
from talent_local.cohort.places.hosts import Host, places_offered
from talent_local.cohort.road import persons
from talent_local.cohort.road.road import Road, Step, together
from talent_local.cohort.steps.applying import APPLICATIONS
from talent_local.cohort.steps.lists import Row, per_host, placements
from talent_local.cohort.steps.rostering import file
from talent_local.cohort.steps.waiting import PLACEMENTS, funded, opened, placed

RUNS = "/v1/placement/matching-runs"
LOAD = 3
WAITING = ("awaiting_match", "host_declined")
REASONS = ("no_mentor", "no_capacity")


async def offer(road: Road) -> int:
    """Hosts offer places to the specialty groups that were selected, and name their mentors."""
    demand = Counter(row["specialty_group"] for row in await placements(road, "awaiting_match"))
    capacity = places_offered(road.cohort.hosts, demand)

    async def one(host: Host) -> None:
        officer = persons.host_officer(host)
        body = {
            "host": host.path, "programme": calendar.PROGRAMME, "policy_version": calendar.BATCH,
            "session": calendar.SESSION, "specialty_group": host.group, "specialties": list(host.specialties),
            "capacity": capacity[host.code],
        }  # fmt: skip
        await road.door.post(officer, "/v1/placement/offers", body, step="offer")
        mentors = [
            {"account": account, "title_level": "senior", "load_limit": LOAD}
            for account in dict.fromkeys(host.mentor(n) for n in range(capacity[host.code]))
        ]
        path = f"/v1/placement/hosts/{host.code}/mentors"
        await road.door.command(officer, "PUT", path, {"items": mentors}, step="mentors")

    await together([one(host) for host in road.cohort.hosts])
    return sum(capacity.values())


async def match(road: Road, name: str, left: int, *, declining: bool = False) -> int:
    """Run the matching, confirm it, let hosts decide, until everybody has a host; then confirm the placements.

    Args:
        road: the road.
        name: of this round, part of the idempotency keys.
        left: how many were placed before and left.
        declining: True when hosts that decline their first proposal do so now.
    """
    attempt = 0
    while await placements(road, *WAITING, "proposed"):  # who was interrupted left proposals that nobody decided
        attempt += 1
        step = f"{name}-{attempt}"
        run = await road.door.post(persons.MINISTRY, RUNS, {"session": calendar.SESSION}, step=step)
        await road.door.post(persons.MINISTRY, f"{RUNS}/{run['id']}/confirm", step=step)
        for lone in run["unmatched"]:
            await _by_hand(road, lone["participation"], step)
        await _decide(road, step, declining=declining and attempt == 1)
    accepted = await placements(road, "host_accepted")
    if accepted:
        items = [{"participation": row["id"]} for row in accepted]
        await road.door.post(persons.MINISTRY, "/v1/placement/confirmations", {"items": items}, step=name)
    await placed(road, left)
    return len(accepted)


async def leave(road: Road, which: int) -> int:
    """Somebody with a place withdraws; the first of the reserve who fits moves up; the roster is filed again."""
    participation = road.known["fates"]["leaving"][which]
    who = persons.applicant(road.applicant(participation))
    await road.door.post(who, f"{APPLICATIONS}/{participation}/withdraw", {"reason": "family"}, step="leave")
    roster = f"/v1/selection/rosters/{road.known['roster']}"

    async def amended() -> bool:
        known = await road.door.get(persons.REGIONAL, roster)
        return bool(known["roster_version"] == which + 2)

    await road.until("the reserve has moved up", amended)
    await opened(road, which + 1)
    await funded(road, which + 1)
    await file(road)
    return 1


async def _decide(road: Road, step: str, *, declining: bool) -> None:
    rows = await placements(road)
    declined = {host for row in rows for host in row["declined_hosts"]}

    async def one(host: Host, own: list[Row]) -> None:
        items: list[dict[str, Any]] = [{"participation": row["id"], "decision": "accept"} for row in own]
        if declining and host.declines and host.path not in declined:
            items[0] |= {"decision": "decline", "reason": REASONS[len(own) % len(REASONS)]}
        await road.door.post(persons.host_officer(host), "/v1/placement/decisions", {"items": items}, step=step)

    await per_host(road, [row for row in rows if row["state"] == "proposed"], one)


async def _by_hand(road: Road, participation: str, step: str) -> None:
    """The ministry asks a host of the group that has a place left."""
    case = await road.door.get(persons.MINISTRY, f"{PLACEMENTS}/{participation}")
    if case["state"] not in WAITING:
        return
    offers = await road.door.all(persons.MINISTRY, "/v1/placement/offers", session=calendar.SESSION, state="open")
    fitting = [
        one["host"]
        for one in offers
        if one["specialty_group"] == case["specialty_group"]
        and one["free"] > 0
        and one["host"] not in case["declined_hosts"]
    ]
    body = {"host": min(fitting)}
    await road.door.post(persons.MINISTRY, f"{PLACEMENTS}/{participation}/propose", body, step=step)


STEPS = (
    Step("leave-1", "left before the match, reserve moved up", partial(leave, which=0)),
    Step("offer", "places offered by hosts, mentors named", offer, calendar.MATCHING),
    Step(
        "match-1",
        "matched, accepted or declined, confirmed: placed",
        partial(match, name="match-1", left=0, declining=True),
    ),
    Step("leave-2", "left before the start, reserve moved up", partial(leave, which=1)),
    Step("match-2", "the place filled again", partial(match, name="match-2", left=1)),
)
