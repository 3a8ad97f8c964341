"""Races on achievements, follow-ups and alumni links."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from assessment.domain.returning.achievement import ACHIEVEMENT
from assessment.domain.returning.follow_up import FOLLOW_UP
from assessment.domain.returning.link import LINK
from assessment.testing.racing.recipes import A, done, hear, one_effect, recipe
from assessment.usecases.returning.follow_ups import keep_follow_ups
from shared.contracts.selection import PersonErased

PAPER = {
    "kind": "paper", "standing": "written", "title": "高原心脏病的诊断", "achieved_on": "2025-05-01",
    "evidence": [{"reference": "docs/paper-1", "sha256": "a" * 64}], "owner": "shared", "note": "与培养单位共有",
}  # fmt: skip
FOUND = {"post": "promoted", "post_fits": True, "projects": 2, "funds": "120000.00", "training_days": 5}


@recipe(ACHIEVEMENT, "correct", "verify", "return", "withdraw")
async def of_achievements(road: Any, source: str, action: str, target: str) -> None:
    await road.term_completed(1)
    trainee, unit = road.people.trainee, road.people.unit
    body = PAPER | {"participation": str(road.kit.pid(1))}
    made = await done(road.service.post(trainee, f"{A}/achievements", body))
    path, all_of = f"{A}/achievements/{made['id']}", {"achievements": [made["id"]]}
    if source == "returned":
        await done(road.service.post(unit, f"{path}/return", {"reason": "evidence-unclear"}))
    if source == "verified":
        await done(road.service.post(unit, f"{A}/achievements/verify", all_of))
    version = await road.service.scalar("SELECT version FROM achievement")
    by, where, sent, match = {
        "correct": (trainee, f"{path}/correct", PAPER | {"standing": "published"}, version),
        "verify": (unit, f"{A}/achievements/verify", all_of, None),
        "return": (unit, f"{path}/return", {"reason": "evidence-unclear"}, version),
        "withdraw": (trainee, f"{path}/withdraw", {}, version),
    }[action]
    calls = [road.service.post(by, where, sent, if_match=match) for _ in (1, 2)]
    await one_effect(road, "achievement", made["id"], target, calls)


@recipe(FOLLOW_UP, "fall_due", "miss", "record", "amend")
async def of_follow_ups(road: Any, source: str, action: str, target: str) -> None:
    """The clock moves them, by two processes at once; an officer records them."""
    await road.term_completed(1)
    id = str(await road.service.scalar("SELECT id FROM follow_up WHERE round = 'm6'"))

    async def move(number: int) -> int:
        async with road.service.running.system_unit(f"race:{source}:{action}:{number}") as unit:
            moved: int = await keep_follow_ups(unit)
        return moved

    days = {"scheduled": (2026, 1, 2), "due": (2026, 1, 2), "overdue": (2026, 3, 2), "recorded": (2026, 1, 2)}
    road.service.clock.at = datetime(*days[source], 4, tzinfo=UTC)
    if source != "scheduled":
        await move(0)
    path = f"{A}/follow-ups/{id}/record"
    if source == "recorded":
        await done(road.service.post(road.people.unit, path, FOUND))
    if action in ("fall_due", "miss"):
        if action == "miss":
            road.service.clock.at = datetime(2026, 3, 2, 4, tzinfo=UTC)
        await one_effect(road, "follow_up", id, target, [move(1), move(2)])
        return
    version = await road.service.scalar("SELECT version FROM follow_up WHERE round = 'm6'")
    sent = FOUND | {"projects": 3}
    calls = [road.service.post(road.people.unit, path, sent, if_match=version) for _ in (1, 2)]
    await one_effect(road, "follow_up", id, target, calls)


@recipe(LINK, "accept", "end", "lapse")
async def of_links(road: Any, source: str, action: str, target: str) -> None:
    await road.term_completed(1)
    body = {"participation": str(road.kit.pid(1)), "purpose": "remote-consultation"}
    made = await done(road.service.post(road.people.trainee, f"{A}/alumni-links", body))
    path = f"{A}/alumni-links/{made['id']}"
    if source == "active":
        await done(road.service.post(road.people.host, f"{path}/accept", {}))
    if action == "lapse":
        erased = PersonErased(participation=road.kit.pid(1))
        calls = [hear(road, erased), hear(road, erased)]
        await one_effect(road, "alumni_link", made["id"], target, calls, again=True)
        return
    calls = [road.service.post(road.people.host, f"{path}/{action}", {}) for _ in (1, 2)]
    await one_effect(road, "alumni_link", made["id"], target, calls)
