"""Races on accreditations and talent cards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from assessment.domain.accrediting.accreditation import ACCREDITATION
from assessment.domain.accrediting.card import CARD
from assessment.testing.accrediting import BODY, PERSON, REVIEWER, ROUTE, Office
from assessment.testing.racing.recipes import A, one_effect, recipe
from assessment.usecases.accrediting.keep_cards import expire_cards

WHO = {"review": REVIEWER, "withdraw": PERSON}
BODIES = {
    "review": {"tier": "tier-2"}, "assign": {"tier": "tier-2"}, "return": {"reason": "documents-incomplete"},
    "refuse": {"reason": "documents-incomplete"}, "revoke": {"reason": "false-documents"},
}  # fmt: skip


@recipe(ACCREDITATION, "review", "return", "assign", "refuse", "withdraw", "revoke")
async def of_accreditations(road: Any, source: str, action: str, target: str) -> None:
    office = Office(road)
    await office.open()
    id = (await office.applied()).json()["id"]
    if source != "applied":
        await office.do(REVIEWER, id, "review", tier="tier-2")
    if source == "tier_assigned":
        await office.do(BODY, id, "assign", tier="tier-2")
    calls = [road.service.post(WHO.get(action, BODY), f"{ROUTE}/{id}/{action}", BODIES.get(action, {})) for _ in (1, 2)]
    await one_effect(road, "accreditation", id, target, calls)


@recipe(ACCREDITATION, "supersede")
async def of_higher_tiers(road: Any, _: str, __: str, target: str) -> None:
    """The old tier gives way to the new one, once."""
    office = Office(road)
    await office.open()
    old = (await office.carded())["accreditation"]
    new = (await office.applied(tier="tier-1")).json()["id"]
    await office.do(REVIEWER, new, "review", tier="tier-1")
    calls = [road.service.post(BODY, f"{ROUTE}/{new}/assign", {"tier": "tier-1"}) for _ in (1, 2)]
    await one_effect(road, "accreditation", old, target, calls)


@recipe(CARD, "suspend", "reinstate", "renew", "revoke", "expire")
async def of_cards(road: Any, source: str, action: str, target: str) -> None:
    office = Office(road)
    await office.open()
    card = await office.carded()
    path = f"{A}/cards/{card['id']}"
    reason = {"reason": "false-documents"}

    async def expire() -> int:
        road.service.clock.at = datetime(2027, 3, 20, tzinfo=UTC)
        async with road.service.running.system_unit(f"expire {id(object())}") as work:
            return await expire_cards(work)

    if source == "suspended":
        await road.service.post(BODY, f"{path}/suspend", reason)
    if source == "expired":
        await expire()
    if action == "renew" and source == "active":
        road.service.clock.at = datetime(2027, 2, 1, tzinfo=UTC)
    calls: list[Any]
    if action == "expire":
        calls = [expire(), expire()]
    elif action == "revoke":
        calls = [road.service.post(BODY, f"{ROUTE}/{card['accreditation']}/revoke", reason) for _ in (1, 2)]
    else:
        body = reason if action == "suspend" else {}
        calls = [road.service.post(BODY, f"{path}/{action}", body) for _ in (1, 2)]
    await one_effect(road, "talent_card", card["id"], target, calls)
