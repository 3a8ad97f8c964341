"""Races for agreements."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.domain.agreements import AGREEMENT
from placement.domain.agreements.filings import FILING
from placement.testing.races import duty, one_effect, put_into, raced, recipe
from placement.usecases.agreements.end_agreements import expire_agreements

raced(AGREEMENT, FILING)


async def _drafted(road: Any) -> str:
    await road.placed(1)
    made = await road.ok(road.post(road.people.unit, "/agreements", road.items([1], terms=road.TERMS)))
    return str(made["items"][0]["id"])


@recipe(AGREEMENT, "offer", "sign", "attest", "enter-force", "refuse")
async def up_to_the_signatures(road: Any, _: str, action: str, target: str) -> None:
    id = await _drafted(road)
    body: dict[str, Any] = {"items": [{"agreement": id}]}
    offer = [road.post(each, "/agreements/offers", body) for each in (road.people.unit, road.people.region)]
    if action == "offer":
        await one_effect(road, "agreement", id, target, offer)
        return
    offer[1].close()
    await road.ok(offer[0])
    if action == "attest":
        page = await road.page(road.people.unit, id)
        body = {"items": [{"role": "trainee", "page": page, "signed_on": "2024-03-01"}]}
        calls = [road.post(road.people.unit, f"/agreements/{id}/paper-signatures", body) for _ in (1, 2)]
        await one_effect(road, "agreement", id, target, calls)
        return
    if action == "enter-force":
        await road.ok(road.post(road.people.unit, f"/agreements/{id}/sign"))
    path, body = (
        (f"/agreements/{id}/refuse", {"reason": "No."}) if action == "refuse" else (f"/agreements/{id}/sign", {})
    )
    await one_effect(road, "agreement", id, target, [road.post(road.people.trainee(1), path, body) for _ in (1, 2)])


@recipe(AGREEMENT, "file")
async def on_file(road: Any, _: str, __: str, target: str) -> None:
    (id,) = await road.agreed(await road.placed(1))
    body = {"items": [{"agreement": id, "number": "N-1"}]}
    calls = [road.post(road.people.region, "/agreements/filings", body) for _ in (1, 2)]
    await one_effect(road, "agreement", id, target, calls)


@recipe(AGREEMENT, "amend")
async def by_the_next_edition(road: Any, source: str, _: str, target: str) -> None:
    (id,) = await road.agreed(await road.placed(1))
    await put_into(road, "agreement", id, source)
    body = {"terms": road.TERMS | {"service_years": 5}, "reason": "Longer."}
    draft = (await road.ok(road.post(road.people.region, f"/agreements/{id}/amendments", body)))["id"]
    await road.ok(road.post(road.people.unit, "/agreements/offers", {"items": [{"agreement": draft}]}))
    await road.ok(road.post(road.people.unit, f"/agreements/{draft}/sign"))
    calls = [road.post(road.people.trainee(1), f"/agreements/{draft}/sign") for _ in (1, 2)]
    await one_effect(road, "agreement", id, target, calls)


@recipe(AGREEMENT, "expire", "terminate")
async def with_the_placement(road: Any, source: str, action: str, target: str) -> None:
    if (action, source) == ("expire", "filed"):
        await road.agreed(await road.placed(1))
        id = str(await road.service.scalar("SELECT id FROM agreement"))
        await put_into(road, "agreement", id, source)
        road.on(date(2025, 7, 1))
        await one_effect(road, "agreement", id, target, [duty(road, expire_agreements, n) for n in (1, 2)])
        return
    if action == "expire":
        await road.arrived(1)
        road.on(date(2025, 6, 30))
        actor, path, body = road.people.host(), "end", {"ended_on": "2025-06-30"}
    else:
        await road.agreed(await road.placed(1))
        actor, path, body = road.people.ministry, "cancel", {"reason": "recalled"}
    id = str(await road.service.scalar("SELECT id FROM agreement"))
    await put_into(road, "agreement", id, source)
    calls = [road.post(actor, f"/placements/{road.pid(1)}/{path}", body) for _ in (1, 2)]
    await one_effect(road, "agreement", id, target, calls)


@recipe(FILING, "submit", "acknowledge", "return")
async def of_filings(road: Any, source: str, action: str, target: str) -> None:
    (agreement,) = await road.agreed(await road.placed(1))
    id = await road.prepared_filing(agreement)
    if source != "prepared":
        await road.ok(road.post(road.people.unit, "/agreement-filings/submissions", {"items": [{"filing": id}]}))
    if source == "returned":
        await road.ok(road.post(road.people.region, f"/agreement-filings/{id}/return", {"reason": "Page missing."}))
    path, body = {
        "submit": ("/agreement-filings/submissions", {"items": [{"filing": id}]}),
        "acknowledge": ("/agreement-filings/acknowledgements", {"items": [{"filing": id, "number": "N-1"}]}),
        "return": (f"/agreement-filings/{id}/return", {"reason": "Page missing."}),
    }[action]
    calls = [road.post(road.people.region, path, body) for _ in (1, 2)]
    await one_effect(road, "agreement_filing", id, target, calls)


@recipe(FILING, "lapse")
async def with_the_agreement(road: Any, source: str, _: str, target: str) -> None:
    (agreement,) = await road.agreed(await road.placed(1))
    id = await road.prepared_filing(agreement)
    await put_into(road, "agreement_filing", id, source)
    path = f"/agreements/{agreement}/terminate"
    calls = [road.post(road.people.region, path, {"reason": "Both sides agree."}) for _ in (1, 2)]
    await one_effect(road, "agreement_filing", id, target, calls)
