"""Inboxes of a whole platform: one call per role, and a link in it leads to the thing with the actions it names."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from talent_local.client import origin, token
from talent_local.cohort.road import persons
from talent_local.cohort.run import door_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

ROLES = [name for name in ("REGIONAL", "MINISTRY", "ISSUER", "PREPARER", "APPROVER", "TREASURER", "AUDITOR")
         if hasattr(persons, name)]  # fmt: skip


@pytest.mark.parametrize("name", ROLES)
async def test_every_office_has_its_inbox_in_one_call(name: str, carried: Any) -> None:
    """All four services answer; what has an address is there, and admits what the inbox says."""
    who = getattr(persons, name)
    bearer = {"authorization": "Bearer " + token(
        carried.home, subject=who.account, roles=who.roles, organisation=who.organisation
    )}  # fmt: skip
    async with httpx.AsyncClient(base_url=origin(carried.home, "gateway"), timeout=60, trust_env=False) as client:
        answer = await client.get("/v1/inbox", headers=bearer, params={"limit": 200})
        found = answer.json()
        seen: dict[str, dict[str, Any]] = {item["kind"]: item for item in found["items"] if item["link"]}
        things = {kind: await client.get(item["link"], headers=bearer) for kind, item in seen.items()}

    assert answer.status_code == 200
    assert (found["unavailable"], found["truncated"]) == ([], [])
    assert found["counts"]["total"] >= len(found["items"])
    for kind, thing in things.items():
        assert thing.status_code == 200, (kind, thing.text)
        named, allowed = set(seen[kind]["allowed_actions"]), set(thing.json().get("allowed_actions", []))
        assert not named or not allowed or named & allowed, (kind, named, allowed)


async def test_what_one_did_can_be_read_at_once(carried: Any) -> None:
    """An answer of the platform names no event where nothing was published, and a read after an old event is fresh."""
    async with door_of(carried.home) as door:
        page = await door.get(persons.AUDITOR, "/v1/events?limit=1")
    event = page["items"][0]
    bearer = {"authorization": "Bearer " + token(
        carried.home, subject=persons.AUDITOR.account, roles=persons.AUDITOR.roles,
        organisation=persons.AUDITOR.organisation,
    )}  # fmt: skip
    async with httpx.AsyncClient(base_url=origin(carried.home, "gateway"), timeout=60, trust_env=False) as client:
        answer = await client.get("/v1/journeys", params={"after": event["id"], "limit": 1}, headers=bearer)

    assert (answer.status_code, answer.headers["projection"]) == (200, "fresh")
