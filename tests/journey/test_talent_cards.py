"""All programmes are applied through the door, and one that accredits brings a talent card to its holder (T-02, T-03)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from talent_local.cohort.road.door import Door, Refused
from talent_local.cohort.road.persons import OPERATOR, Person
from talent_local.cohort.run import door_of
from talent_local.commands.programme import documents
from talent_local.home import checkout

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

PROGRAMME = "heilongjiang-talent-support"
UNIT = "cn/23/2301/U0001"
TALENT = Person("acc-talent-01", "applicant", UNIT)
REVIEWER = Person("acc-card-reviewer", "local_reviewer", "cn/23/2301")
BODY = Person("acc-card-body", "regional_officer", "cn/23")
HOSPITAL = Person("acc-hospital", "agency", "providers/hospital-1")
CASES = "/v1/assessment/accreditations"


@pytest.fixture
async def door(carried: Any) -> AsyncIterator[Door]:
    """The door of the platform on which a cohort was carried."""
    async with door_of(carried.home) as opened:
        yield opened


async def test_every_programme_is_applied_through_the_door(door: Door) -> None:
    """Five kinds of programme, each file accepted by the service that reads it; saying it again changes nothing."""
    places = (path for path in (checkout() / "programmes").iterdir() if path.is_dir())
    folders = sorted(place for place in places if place.name != "observations")  # figures to load, no programme
    for folder in folders:
        if folder.name == "tibet-special-training":
            continue  # in force already, at the size of the cohort
        for path, content in documents(folder):
            for _ in (1, 2):
                await door.command(OPERATOR, "PUT", path, content, step=f"apply-{_}", subject=path)

    assert len(folders) == 5


async def test_from_application_to_a_service_used(door: Door) -> None:
    """Applied, reviewed by one, assigned by another, served once a year, and nobody's name on the way."""
    for path, content in documents(checkout() / "programmes" / PROGRAMME):
        await door.command(OPERATOR, "PUT", path, content, step="apply-1", subject=path)
    evidence = [{"kind": "award", "reference": "2020-17", "sha256": "ab" * 32}]
    body = {"programme": PROGRAMME, "policy_version": "round-1", "unit": UNIT, "tier": "tier-1", "evidence": evidence}
    case = await door.post(TALENT, CASES, body, step="cards")
    await door.post(REVIEWER, f"{CASES}/{case['id']}/review", {"tier": "tier-2"}, step="cards")
    assigned = await door.post(BODY, f"{CASES}/{case['id']}/assign", {"tier": "tier-2"}, step="cards")
    [card] = await door.all(TALENT, "/v1/assessment/cards", programme=PROGRAMME)
    checked = await door.post(HOSPITAL, "/v1/assessment/card-checks", {"number": card["number"]}, step="cards")
    use = {"number": card["number"], "service": "health-check", "used_on": card["valid_from"]}
    served = await door.post(HOSPITAL, "/v1/assessment/card-uses", use | {"receipt": "H-1"}, step="cards")
    with pytest.raises(Refused) as refused:
        await door.post(HOSPITAL, "/v1/assessment/card-uses", use | {"receipt": "H-2"}, step="cards")

    assert (assigned["state"], card["state"], card["tier"]) == ("tier_assigned", "active", "tier-2")
    assert (checked["status"], served["area"], refused.value.code) == ("active", "health", "allowance-used-up")
    told = [event for event in await _feed(door) if event["subject"] == case["id"]]
    assert {event["type"].split(".")[3] for event in told} == {"accredited", "card"}
    assert TALENT.account not in str(told)


async def _feed(door: Door) -> list[dict[str, Any]]:
    """Everything published so far; the feed itself has no last page."""
    events: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = await door.get(OPERATOR, "/v1/events", limit=100, cursor=cursor)
        if not page["items"]:
            return events
        events += page["items"]
        cursor = page["next_cursor"]
