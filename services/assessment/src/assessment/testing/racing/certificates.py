"""Races on certificates and waivers."""

from __future__ import annotations

from typing import Any

from assessment.domain.certifying.certificate import CERTIFICATE
from assessment.domain.certifying.waiver import WAIVER
from assessment.testing.racing.recipes import A, done, on_assessment, one_effect, recipe


async def _corrected(road: Any, panel: str) -> None:
    """A correction of person 1's result that waits for confirmation."""
    body = {"reason": "recording-error", "scores": {"panel": panel}}
    (call,) = await on_assessment(road, 1, "correct", body, road.people.fourth)
    await done(call)


@recipe(CERTIFICATE, "issue")
async def of_issuing(road: Any, _: str, __: str, target: str) -> None:
    await road.confirmed({1: "88"})
    id = (await road.certificate(1))["id"]
    await one_effect(road, "certificate", id, target, [road.issue(), road.issue()])


@recipe(CERTIFICATE, "cancel", "request_again")
async def of_requests(road: Any, source: str, _: str, target: str) -> None:
    """A correction to a fail cancels a request, one back to a pass makes it again."""
    await road.confirmed({1: "88"})
    id = (await road.certificate(1))["id"]
    await _corrected(road, "40")
    if source == "cancelled":
        (call,) = await on_assessment(road, 1, "confirm", {}, road.people.third)
        await done(call)
        await _corrected(road, "90")
    calls = await on_assessment(road, 1, "confirm", {}, road.people.third, road.people.third)
    await one_effect(road, "certificate", id, target, calls)


@recipe(CERTIFICATE, "suspend", "reinstate", "revoke", "reissue")
async def of_standing(road: Any, source: str, action: str, target: str) -> None:
    await road.certified(1)
    seen = await road.certificate(1)
    path = f"{A}/certificates/{seen['id']}"
    if source == "suspended":
        await done(road.service.post(road.people.issuer, f"{path}/suspend", {}))
    body = {"revoke": {"reason": "fraud"}, "reissue": {"reason": "lost"}}.get(action, {})
    calls = [road.service.post(road.people.issuer, f"{path}/{action}", body) for _ in (1, 2)]
    await one_effect(road, "certificate", seen["id"], target, calls)


@recipe(WAIVER, "consume", "void")
async def of_waivers(road: Any, _: str, action: str, target: str) -> None:
    await road.certified(1)
    waiver = await road.waiver(1)
    if action == "consume":
        body = {"title_level": "associate_senior", "application": "A-1"}
        calls = [road.service.post(road.people.agency, f"{A}/waivers/{waiver['id']}/consume", body) for _ in (1, 2)]
    else:
        certificate = (await road.certificate(1))["id"]
        path = f"{A}/certificates/{certificate}/revoke"
        calls = [road.service.post(road.people.issuer, path, {"reason": "fraud"}) for _ in (1, 2)]
    await one_effect(road, "waiver", waiver["id"], target, calls)
