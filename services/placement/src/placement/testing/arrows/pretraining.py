"""Races for pre-training events and invitations."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.domain.pretraining import INVITATION, PRE_TRAINING
from placement.testing.races import one_effect, put_into, raced, recipe
from placement.testing.ways.pretraining import invited, planned

raced(PRE_TRAINING, INVITATION)


@recipe(PRE_TRAINING, "change", "invite", "hold", "cancel")
async def of_events(road: Any, _: str, action: str, target: str) -> None:
    await road.placed(1)
    id = await (invited(road) if action == "hold" else planned(road))
    road.on(date(2024, 6, 11))
    body: dict[str, Any] = {"reason": "Snow."}
    path = f"/pre-trainings/{id}/{action}"
    if action == "hold":
        path, body = f"/pre-trainings/{id}/attendance", road.items([1], attended=True)
    elif action == "invite":
        path, body = f"/pre-trainings/{id}/invitations", {"participations": [road.pid(1)]}
    more: dict[str, Any] = {}
    if action == "change":
        body, more = {"place": "5402", "starts_on": "2024-06-11", "ends_on": "2024-06-13"}, {"if_match": 0}
    calls = [road.post(road.people.region, path, body, **more) for _ in (1, 2)]
    rises = 0 if action == "invite" else 1
    await one_effect(road, "pre_training", id, target, calls, rises=rises)


@recipe(INVITATION, "attend", "excuse", "miss", "release")
async def of_invitations(road: Any, source: str, action: str, target: str) -> None:
    await road.placed(1)
    event = await invited(road)
    id = str(await road.service.scalar("SELECT id FROM pre_training_invitation"))
    await put_into(road, "pre_training_invitation", id, source)
    road.on(date(2024, 6, 11))
    by_action: dict[str, dict[str, Any]] = {
        "attend": {"attended": True},
        "excuse": {"attended": False, "excuse": "health"},
    }
    said = by_action.get(action, {"attended": False})
    path, body = f"/pre-trainings/{event}/attendance", road.items([1], **said)
    if action == "release":
        path, body = f"/pre-trainings/{event}/cancel", {"reason": "Snow."}
    calls = [road.post(road.people.region, path, body) for _ in (1, 2)]
    await one_effect(road, "pre_training_invitation", id, target, calls)
