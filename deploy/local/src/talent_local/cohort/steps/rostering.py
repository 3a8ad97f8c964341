"""From the panel to the acknowledged roster (S-05, S-06, S-07, P-11)."""

from __future__ import annotations

from typing import Any

from talent_local.cohort import calendar
from talent_local.cohort.people.scores import Candidate, draw_sheets
from talent_local.cohort.road import persons
from talent_local.cohort.road.road import Road, Step, together
from talent_local.cohort.steps.applying import APPLICATIONS, candidates
from talent_local.cohort.steps.waiting import funded, opened

CONFLICTS = 2
"""How many candidates the last expert stands aside for."""


async def score(road: Road) -> int:
    """Form the panel, let one expert stand aside twice, take the sheets, conclude."""
    door = road.door
    accounts = [expert.account for expert in persons.EXPERTS]
    body = {"session": road.known["session"], "name": f"{calendar.SESSION}年评审组", "experts": accounts}
    panel = await door.post(persons.REGIONAL, "/v1/selection/panels", body, step="panel")
    path = f"/v1/selection/panels/{panel['id']}"
    people = candidates(road)
    aside = {road.participation(who) for who in people[1 : 1 + CONFLICTS]}
    conflicts = {"items": [{"application": one, "reason": "employer"} for one in sorted(aside)]}
    await door.post(persons.EXPERTS[-1], f"{path}/conflicts", conflicts, step="conflicts")
    points = {
        row["id"]: row["preference_points"]
        async for row in door.each(persons.REGIONAL, APPLICATIONS, session=road.known["session"])
    }
    every = tuple(range(len(persons.EXPERTS)))
    scored = [
        Candidate(key, who.merit, _hundredths(points[key]), every[:-1] if key in aside else every)
        for who in people
        for key in [road.participation(who)]
    ]
    weights = {row["code"]: row["weight"] for row in panel["criteria"]}
    sheets = draw_sheets(road.cohort.seed, [_keyed(one, n) for n, one in enumerate(scored)], weights)

    async def hand_in(expert: int) -> None:
        items = [
            {"application": one.key, "scores": sheets[str(n)][expert]}
            for n, one in enumerate(scored)
            if expert in one.experts
        ]
        await door.post(persons.EXPERTS[expert], f"{path}/score-sheets", {"items": items}, step="sheets")

    await together([hand_in(expert) for expert in every])
    await door.post(persons.REGIONAL, f"{path}/conclude", {"minutes": "评审会于当日完成。"}, step="conclude")
    return sum(len(one.experts) for one in scored)


async def classify(road: Road) -> int:
    """Give everybody the study direction (S-06)."""
    people = candidates(road)
    items = [{"application": road.participation(who), "study_direction": who.direction} for who in people]
    path = f"/v1/selection/sessions/{road.known['session']}/classifications"
    await road.door.post(persons.REGIONAL, path, {"items": items}, step="classify")
    return len(people)


async def balance(road: Road) -> int:
    """Compute the balanced proposal, confirm it, fix the roster: one transaction, a `selected` for everybody."""
    door = road.door
    run = await door.post(
        persons.REGIONAL, f"/v1/selection/sessions/{road.known['session']}/balancing-runs", step="balance"
    )
    roster = await door.post(persons.REGIONAL, f"/v1/selection/balancing-runs/{run['id']}/confirm", step="confirm")
    fixed = await door.post(persons.REGIONAL, f"/v1/selection/rosters/{roster['id']}/fix", step="fix")
    places = {row["position"]: row["application"] for row in fixed["entries"] if row["outcome"] == "selected"}
    fates = road.cohort.fates
    road.known["roster"] = roster["id"]
    road.known["fates"] = {
        "leaving": [places[place] for place in fates.leaving],
        "early": [places[place] for place in fates.early],
        "failing": [places[place] for place in fates.failing],
        "revoked": places[fates.revoked],
    }
    await opened(road)
    await funded(road)
    return len(places)


async def file(road: Road) -> int:
    """File the roster with the ministry, which gives a receipt (S-07); an amended one is filed again."""
    path = f"/v1/selection/rosters/{road.known['roster']}"
    roster: dict[str, Any] = await road.door.get(persons.REGIONAL, path)
    edition = str(roster["roster_version"])
    await road.door.post(persons.REGIONAL, f"{path}/file", step="file", subject=edition)
    receipt = {"receipt": f"BA-{calendar.SESSION}-{edition}"}
    await road.door.post(persons.MINISTRY, f"{path}/acknowledge", receipt, step="acknowledge", subject=edition)
    return int(roster["roster_version"])


def _keyed(candidate: Candidate, n: int) -> Candidate:
    """The candidate under its number: sheets depend on the cohort, not on ids."""
    return Candidate(str(n), candidate.merit, candidate.points, candidate.experts)


def _hundredths(points: str) -> int:
    whole, _, part = points.partition(".")
    return int(whole) * 100 + int(part[:2].ljust(2, "0"))


STEPS = (
    Step("score", "score sheets of three experts", score, calendar.DELIBERATING),
    Step("classify", "study directions classified", classify),
    Step("balance", "roster balanced and fixed", balance, calendar.BALANCING),
    Step("file", "roster filed and acknowledged, edition", file),
)
