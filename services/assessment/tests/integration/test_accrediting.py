"""Tiered accreditation and talent cards: four eyes, one card, counted uses (T-02, T-03)."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from assessment.testing.accrediting import (
    BODY,
    EVIDENCE,
    PERSON,
    PROGRAMME,
    PROVIDER,
    REVIEWER,
    ROUTE,
    UNIT,
    VERSION,
    Office,
    content,
)
from assessment.usecases.accrediting.keep_cards import expire_cards
from shared.contracts.selection import PersonErased
from shared.kernel.actor import Actor, Role
from shared.testing.actors import someone


@pytest.fixture
async def office(road: Any) -> Office:
    """The policy is published."""
    office = Office(road)
    await office.open()
    return office


async def test_from_application_to_card(office: Office) -> None:
    """Applied, reviewed by one, assigned by another: a card with a number that carries a check character."""
    card = await office.carded()

    assert (card["state"], card["tier"], card["number"][:14]) == ("active", "tier-2", "LJ-TIER-2-2024")
    assert (card["valid_from"], card["valid_until"]) == ("2024-03-01", "2027-03-01")
    told = [row["type"] for row in await office.service.outbox()]
    assert told == ["accredited", "card.changed"]
    assert "talent-1" not in str(await office.service.outbox())


async def test_an_erased_person_holds_no_card_and_is_named_nowhere(office: Office, road: Any, kit: Any) -> None:
    """7.3: tier and uses stay counted, the card ends for good, and the account is gone; told twice changes nothing."""
    card = await office.carded()
    assert (await office.use(card["number"], "health-check", "H-1")).is_success
    await road.receive(road.selected(1, account="talent-1"))

    for _ in (1, 2):
        await road.receive(PersonErased(participation=kit.pid(1)))

    for table in ("participation", "accreditation", "talent_card", "card_use"):
        left = f"SELECT count(*) FROM {table} t WHERE to_jsonb(t)::text ~ 'talent-1'"
        assert await office.service.scalar(left) == 0, table
    assert await office.service.scalar("SELECT state FROM talent_card") == "revoked"
    assert await office.service.scalar("SELECT state FROM accreditation WHERE tier IS NOT NULL") == "tier_assigned"
    told = [row["type"] for row in await office.service.outbox()]
    assert told.count("card.changed") == 2


async def test_four_eyes_and_nobody_for_oneself(office: Office) -> None:
    """Who reviewed does not assign; nobody decides about themselves; only the body assigns."""
    id = (await office.applied()).json()["id"]
    both = someone(Role.REGIONAL_OFFICER, subject="body-1", organisation="cn/23")
    assert (await office.do(both, id, "review", tier="tier-3")).status_code == 200

    same = await office.do(BODY, id, "assign", tier="tier-3")
    elsewhere = someone(Role.REGIONAL_OFFICER, subject="x", organisation="cn/54")
    foreign = await office.do(elsewhere, id, "assign", tier="tier-3")
    below = someone(Role.REGIONAL_OFFICER, subject="y", organisation="cn/23/2301")
    wrong = await office.do(below, id, "assign", tier="tier-3")
    own = Actor("talent-1", "cn/23", frozenset({Role.REGIONAL_OFFICER}))
    oneself = await office.do(own, id, "assign", tier="tier-3")

    assert (same.status_code, same.json()["code"]) == (403, "four-eyes")
    assert foreign.status_code == 404
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong-authority")
    assert (oneself.status_code, oneself.json()["code"]) == (403, "own-case")


async def test_one_application_and_only_for_a_higher_tier(office: Office) -> None:
    """A second open application is refused, a tier already held too; a higher one replaces tier and card."""
    first = await office.carded(tier="tier-2")
    lower = await office.applied(tier="tier-3")
    higher = await office.applied(tier="tier-1")
    second = await office.applied(tier="tier-1")
    for actor, verb in ((REVIEWER, "review"), (BODY, "assign")):
        assert (await office.do(actor, higher.json()["id"], verb, tier="tier-1")).status_code == 200

    assert (lower.status_code, lower.json()["code"]) == (422, "tier-held")
    assert (second.status_code, second.json()["code"]) == (409, "accreditation-open")
    listed = (await office.service.get(BODY, "/v1/assessment/cards")).json()["items"]
    assert {row["id"]: (row["state"], row["tier"]) for row in listed}[first["id"]] == ("revoked", "tier-2")
    assert [row["tier"] for row in listed if row["state"] == "active"] == ["tier-1"]
    states = (await office.service.get(PERSON, ROUTE)).json()["items"]
    assert Counter(row["state"] for row in states) == {"superseded": 1, "tier_assigned": 1}


async def test_uses_are_counted_and_the_last_one_is_won_once(office: Office) -> None:
    """Twenty providers at once for the one health check of the year: one is served (T-03)."""
    number = (await office.carded())["number"]

    answers = await asyncio.gather(*(office.use(number, "health-check", f"R{n}") for n in range(20)))
    twice = await office.use(number, "green-channel", "R1-x")
    again = await office.use(number, "green-channel", "R1-x")

    codes = Counter((answer.status_code, answer.json().get("code")) for answer in answers)
    assert codes[(201, None)] == 1
    assert sum(codes.values()) - codes[(409, "allowance-used-up")] - codes[(409, "lost-race")] == 1
    assert twice.status_code == 201
    assert (again.status_code, again.json()["code"]) == (409, "receipt-used")
    assert await office.service.scalar("SELECT used FROM card_allowance WHERE service = 'health-check'") == 1
    assert await office.service.scalar("SELECT count(*) FROM card_use WHERE service = 'health-check'") == 1
    checked = await office.service.post(PROVIDER, "/v1/assessment/card-checks", {"number": number})
    included = {row["service"]: (row["yearly"], row["used"]) for row in checked.json()["services"]}
    assert (included["health-check"], included["green-channel"]) == ((1, 1), (12, 1))
    next_year = await office.use(number, "health-check", "R99", used_on="2024-02-29")
    assert next_year.status_code == 409


async def test_what_a_card_is_not_served_for(office: Office) -> None:
    """Unknown or foreign service, wrong day, wrong number, suspended or ended card."""
    card = await office.carded(tier="tier-3")
    number = card["number"]

    refused = {
        "not-entitled": await office.use(number, "exam-guidance", "A"),
        "unknown-service": await office.use(number, "golf", "B"),
        "use-in-future": await office.use(number, "museums", "C", used_on="2024-03-02"),
        "use-too-old": await office.use(number, "museums", "D", used_on="2024-01-01"),
        "malformed-number": await office.use(number[:-1] + ("A" if number[-1] != "A" else "B"), "museums", "E"),
    }
    reason = {"reason": "left-the-province"}
    suspended = await office.service.post(BODY, f"/v1/assessment/cards/{card['id']}/suspend", reason)
    refused["card-not-active"] = await office.use(number, "museums", "F")
    restored = await office.service.post(BODY, f"/v1/assessment/cards/{card['id']}/reinstate", {})
    served = await office.use(number, "museums", "G")

    assert {code: answer.json()["code"] for code, answer in refused.items()} == {code: code for code in refused}
    assert (suspended.json()["state"], restored.json()["state"], served.status_code) == ("suspended", "active", 201)
    for stranger in (PERSON, REVIEWER, BODY):
        assert (await office.use(number, "museums", "H", stranger)).status_code == 403


async def test_a_card_expires_by_itself_and_is_renewed_in_time(office: Office) -> None:
    """Too early, in time, by itself over, within the grace, too late."""
    card = await office.carded()
    renew = f"/v1/assessment/cards/{card['id']}/renew"

    async def at(day: date) -> httpx.Response:
        office.service.clock.at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        async with office.service.running.system_unit(f"expire {day}") as work:
            await expire_cards(work)
        answer: httpx.Response = await office.service.post(BODY, renew, {})
        return answer

    early = await at(date(2026, 11, 1))
    timely = await at(date(2027, 1, 1))
    graced = await at(date(2030, 3, 20))
    late = await at(date(2034, 1, 1))

    assert (early.status_code, early.json()["code"]) == (422, "renewal-too-early")
    assert (timely.json()["valid_until"], timely.json()["renewals"]) == ("2030-03-01", 1)
    assert (graced.json()["state"], graced.json()["valid_until"]) == ("active", "2033-03-20")
    assert (late.status_code, late.json()["code"]) == (422, "renewal-too-late")
    changes = [row["change"] for row in await office.service.outbox("card.changed")]
    assert changes == ["issued", "renewed", "expired", "renewed", "expired"]


async def test_revoking_takes_the_card_with_it(office: Office) -> None:
    """The tier goes, and the card in the same transaction."""
    await office.carded()
    id = (await office.service.get(PERSON, ROUTE)).json()["items"][0]["id"]

    unknown = await office.do(BODY, id, "revoke", reason="bad-mood")
    revoked = await office.do(BODY, id, "revoke", reason="false-documents")

    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-reason")
    assert revoked.json()["state"] == "revoked"
    assert (await office.card())["state"] == "revoked"


async def test_bad_applications_hear_everything_at_once(office: Office) -> None:
    """Every wrong document is named, in the caller's language; unknown tier and policy are told."""
    evidence = [EVIDENCE | {"kind": "gossip"}, EVIDENCE, EVIDENCE | {"kind": "rumour"}]

    wrong = await office.applied(evidence=evidence)
    tier = await office.applied(tier="tier-9")
    missing = await office.applied(policy_version="round-9")
    officer = await office.applied(BODY)
    body = {
        "programme": PROGRAMME, "policy_version": VERSION, "unit": UNIT, "tier": "tier-9", "evidence": [EVIDENCE]
    }  # fmt: skip
    chinese = await office.service.post(PERSON, ROUTE, body, headers={"accept-language": "zh-CN"})

    assert [error["pointer"] for error in wrong.json()["errors"]] == ["/evidence/0/kind", "/evidence/2/kind"]
    assert (tier.status_code, tier.json()["code"]) == (422, "unknown-tier")
    assert (missing.status_code, officer.status_code) == (404, 403)
    assert chinese.json()["code"] == "unknown-tier"
    assert await office.service.scalar("SELECT count(*) FROM accreditation") == 0


async def test_the_catalogue_has_seven_areas_and_twenty_four_services(office: Office) -> None:
    """T-03's numbers come out of the data."""
    found = (await office.service.get(PERSON, f"/v1/assessment/card-catalogues/{PROGRAMME}/{VERSION}")).json()

    assert (found["area_count"], found["service_count"]) == (7, 24)
    assert sum(len(area["services"]) for area in found["areas"]) == 24
    assert [tier["code"] for tier in found["tiers"]] == ["tier-1", "tier-2", "tier-3"]
    other = await office.service.get(PERSON, "/v1/assessment/card-catalogues/tibet-special-training/batch-4")
    assert other.status_code == 404


async def test_statistics_withhold_small_cells(office: Office) -> None:
    """Counts of fewer than ten cards are not shown."""
    people = [someone(Role.APPLICANT, subject=f"talent-{n}") for n in range(11)]
    numbers = [(await office.carded(who))["number"] for who in people]
    for n, number in enumerate(numbers):
        assert (await office.use(number, "museums", f"M{n}")).status_code == 201
    await office.use(numbers[0], "parking", "P1")

    path = "/v1/assessment/card-statistics"
    found = (await office.service.get(BODY, path, params={"programme": PROGRAMME, "year": "2024"})).json()

    rows = {row["service"]: (row["uses"], row["cards"]) for row in found["services"]}
    assert (rows["museums"], rows["parking"], found["cards"]) == ((11, 11), (None, None), {"tier-2": 11})


async def test_a_policy_that_contradicts_itself_is_refused_whole(office: Office) -> None:
    """All flaws at once: area unknown, tier unknown, code twice, an area without services."""
    broken = content() | {"version": "round-2"}
    rule = broken["accreditation"]
    rule["services"][0] |= {"area": "space"}
    rule["services"][1]["tiers"] = [{"tier": "tier-9"}]
    rule["services"][3]["code"] = rule["services"][4]["code"]
    rule["areas"].append({"code": "empty", "title": {"zh": "空", "en": "Empty"}})

    answer = await office.put(broken)
    shapeless = await office.put({"programme": PROGRAMME, "version": "round-2", "accreditation": {"tiers": []}})

    codes = Counter(error["code"] for error in answer.json()["errors"])
    assert answer.status_code == 422
    assert codes == {"unknown-area": 1, "unknown-tier": 1, "service-twice": 1, "empty-area": 1}
    assert shapeless.status_code == 400
    assert len(shapeless.json()["errors"]) >= 3


async def test_whom_selection_chose_is_opened_once(office: Office) -> None:
    """A `selected` of a programme that accredits opens the accreditation; another delivery changes nothing."""
    chosen = office.road.selected(
        41, programme=PROGRAMME, batch=VERSION, policy_version=VERSION, account="talent-41", sending_unit=UNIT
    )
    await office.road.receive(chosen, chosen)

    listed = (await office.service.get(BODY, ROUTE)).json()["items"]
    assert [(row["participation"], row["state"], row["asked_tier"]) for row in listed] == [
        (str(office.road.kit.pid(41)), "applied", None)
    ]
    assert (await office.do(REVIEWER, listed[0]["id"], "review", tier="tier-3")).status_code == 200
