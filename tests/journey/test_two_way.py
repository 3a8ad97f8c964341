"""The two-way secondment through the gateway: selected, matched, decided, at the post, evaluated (W-01 to W-07).

What selection says of four people is put into its outbox; from there on everything goes its real way: relay, log,
services, gateway. Two go out (7+20 and 9+12, two years), two come back (one year, to the paired city or the province).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from placement.testing import secondment
from shared.contracts.selection import Selected
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door, Refused
from talent_local.cohort.road.persons import Person
from talent_local.cohort.run import door_of
from talent_local.cohort.trial import a_platform
from talent_local.commands.clock import set_clock
from talent_local.commands.programme import documents
from talent_local.home import Home, checkout
from talent_local.running.servers import postgres

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

BASE = "/v1/placement"
OUT, BACK = secondment.OUTBOUND, secondment.REVERSE[0]
REGION = Person("acc-sichuan-01", "regional_officer", "cn/51")
ASSESSORS = [Person(f"acc-sichuan-assessor-{n}", "assessor", "cn/51") for n in (1, 2)]
HOSTS = secondment.Pair.HOSTS
PEOPLE: dict[str, dict[str, Any]] = {
    "out-7-20": {"session": OUT, "origin_area": "5101", "position_class": "county-team-deputy"},
    "out-9-12": {"session": OUT, "origin_area": "5115", "position_class": "county-team-deputy"},
    "back-city": {"session": BACK, "origin_area": "513321", "position_class": "inland-post"},
    "back-other": {"session": BACK, "origin_area": "513223", "position_class": "inland-post"},
}


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A platform of its own, in June 2012."""
    with a_platform() as made:
        set_clock(made, "2012-06-20")
        yield made


@pytest.fixture
async def door(home: Home) -> AsyncIterator[Door]:
    async with door_of(home) as opened:
        yield opened


def selected(number: int, name: str) -> Selected:
    """What selection publishes of a person."""
    said = PEOPLE[name]
    out = said["session"] == OUT
    return Selected(
        participation=UUID(int=0x01380000_0000_7000_8000_000000000000 + number), account=f"acc-{name}",
        programme=secondment.SICHUAN, batch="batch-2", roster=UUID(int=0x01380000_0000_7000_8000_0000000000FF),
        roster_version=1, direction="outbound" if out else "inbound", specialty="public-administration",
        specialty_group="administration", study_direction="public-administration",
        sending_unit=f"cn/51/{said['origin_area']}/U{number:04d}", title_level="intermediate", rank=number,
        planned_start=date(2012, 7, 1), planned_end=date(2014 if out else 2013, 6, 30), term="P2Y" if out else "P1Y",
        host_preferences=(), policy_version="batch-2", **said,
    )  # fmt: skip


def tell(home: Home, events: list[Selected]) -> None:
    """Put facts into the outbox of selection; its relay sends them."""
    with psycopg.connect(postgres(home).dsn("selection", user="selection")) as connection:
        for event in events:
            key = str(event.participation)
            connection.execute(
                "INSERT INTO stream (aggregate_type, aggregate_id, seq) VALUES (%s, %s, 1)", (event.aggregate, key)
            )
            headers = {"time": "2012-06-20T01:00:00+00:00", "actor": "acc-sichuan-01", "org": "cn/51"}
            connection.execute(
                "INSERT INTO outbox (event_id, aggregate_type, aggregate_id, aggregate_seq, type, schema_version, "
                "payload, headers) VALUES (%s, %s, %s, 1, %s, %s, %s, %s)",
                (uuid4(), event.aggregate, key, event.type_name(), event.major, event.model_dump_json(),
                 json.dumps(headers)),
            )  # fmt: skip


async def until(met: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for what others hear of."""
    deadline = time.monotonic() + 90
    while not await met():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.3)


def officer(host: str) -> Person:
    return Person(f"acc-{host.replace('/', '-')}", "host_officer", host)


class TwoWay:
    """Four people on their way."""

    def __init__(self, door: Door, home: Home) -> None:
        self.door, self.home = door, home
        self.people = {name: selected(number, name) for number, name in enumerate(PEOPLE, 1)}
        self.ids = {name: str(event.participation) for name, event in self.people.items()}
        self.back = [self.ids["back-city"], self.ids["back-other"]]
        self.where: dict[str, str] = {}

    async def post(self, person: Person, path: str, body: Any = None) -> Any:
        whole = path if path.startswith("/v1") else BASE + path
        return await self.door.post(person, whole, body, step="two-way")

    async def put(self, path: str, body: Any) -> None:
        await self.door.command(persons.OPERATOR, "PUT", path, body, step="two-way", subject=path)

    async def refused(self, person: Person, path: str, body: Any = None) -> Refused:
        with pytest.raises(Refused) as caught:
            await self.post(person, path, body)
        return caught.value

    def event(self, id: str) -> Selected:
        return next(each for each in self.people.values() if str(each.participation) == id)

    def unit(self, id: str) -> Person:
        event = self.event(id)
        return Person(f"acc-unit-{event.rank}", "unit_officer", event.sending_unit)

    async def cases(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for session in (OUT, BACK):
            found += (await self.door.get(persons.MINISTRY, f"{BASE}/placements", session=session, limit=100))["items"]
        return found

    async def set_up(self) -> None:
        """Policies of the programme, the register, an offer of each host, and what selection says."""
        for path, content in documents(checkout() / "programmes" / secondment.SICHUAN):
            await self.put(path, content)
        await self.put(f"{BASE}/hosts", {"items": [unit.line for unit in HOSTS]})
        for unit in HOSTS:
            way = BACK if unit.code in {"CHENG", "YI", "PROV"} else OUT
            await self.post(persons.MINISTRY, "/offers", unit.offers(way, 1)[0])
        tell(self.home, list(self.people.values()))

        async def opened() -> bool:
            return len(await self.cases()) == len(PEOPLE)

        await until(opened, "placement has heard of everybody")

    async def match(self) -> None:
        """A run for each direction, confirmed; hosts accept, others may not; the ministry confirms."""
        for session in (OUT, BACK):
            run = await self.post(persons.MINISTRY, "/matching-runs", {"session": session})
            assert run["unmatched"] == []
            await self.post(persons.MINISTRY, f"/matching-runs/{run['id']}/confirm")
        self.where = {case["id"]: case["host"] for case in await self.cases()}
        for id, host in self.where.items():
            assert (await self.refused(officer("hosts/LUX"), f"/placements/{id}/accept")).status == 404
            await self.post(officer(host), "/decisions", {"items": [{"participation": id, "decision": "accept"}]})
        everybody = {"items": [{"participation": id} for id in self.where]}
        await self.post(persons.MINISTRY, "/confirmations", everybody)

    async def agree(self) -> None:
        """An agreement of three, in force with the third signature."""
        terms = {"duties": {"trainee": ["serve"], "sending_unit": ["keep the post"], "host": ["give the post"]}}
        items = [{"participation": id, "terms": terms} for id in self.where]
        drafts = [each["id"] for each in (await self.post(REGION, "/agreements", {"items": items}))["items"]]
        await self.post(REGION, "/agreements/offers", {"items": [{"agreement": each} for each in drafts]})
        for (id, host), agreement in zip(self.where.items(), drafts, strict=True):
            event = self.event(id)
            trainee = Person(event.account, "applicant", event.sending_unit)
            for signer in (trainee, self.unit(id), officer(host)):
                await self.post(signer, f"/agreements/{agreement}/sign")

    async def evaluate(self) -> None:
        """Half way, by the unit and at the end; the result is confirmed by another."""
        for id in self.back:
            for person, component in ((officer(self.where[id]), "mid_evaluation"), (self.unit(id), "unit_evaluation")):
                sheet = {"component": component, "items": [{"participation": id, "score": "88"}]}
                await self.post(person, "/v1/assessment/sheets", sheet)

        async def complete() -> bool:
            return await self.assessments() == dict.fromkeys(self.back, "evidence_complete")

        await until(complete, "the evidence is there")
        scores = [{"participation": id, "score": "90"} for id in self.back]
        await self.post(ASSESSORS[0], "/v1/assessment/sheets", {"component": "end_evaluation", "items": scores})
        passed = {"items": [{"participation": id, "outcome": "pass"} for id in self.back]}
        await self.post(ASSESSORS[0], "/v1/assessment/results", passed)
        named = {"items": [{"participation": id} for id in self.back]}
        await self.post(ASSESSORS[1], "/v1/assessment/confirmations", named)

    async def assessments(self) -> dict[str, str]:
        found = (await self.door.get(persons.MINISTRY, "/v1/assessment/assessments", session=BACK))["items"]
        return {each["participation"]: each["state"] for each in found}


async def test_both_directions_go_their_way(door: Door, home: Home) -> None:
    """Paired places only, terms of two years and of one; refused by rule; then the evaluation, and no certificate."""
    way = TwoWay(door, home)
    ids, back = way.ids, way.back
    await way.set_up()

    # W-05, W-02: outside the pair by hand is refused with the rule; by its run each is proposed within the pair.
    outside = await way.refused(persons.MINISTRY, f"/placements/{ids['back-city']}/propose", {"host": "hosts/YI"})
    other = await way.refused(persons.MINISTRY, f"/placements/{ids['out-7-20']}/propose", {"host": "hosts/MAO"})
    assert [(each.status, each.problem["rule"]) for each in (outside, other)] == [(422, "W-05"), (422, "W-02")]
    await way.match()
    assert way.where[ids["out-7-20"]] in {"hosts/KANG", "hosts/LU"}
    assert way.where[ids["out-9-12"]] == "hosts/MAO"
    assert way.where[ids["back-city"]] in {"hosts/CHENG", "hosts/PROV"}
    assert way.where[ids["back-other"]] in {"hosts/YI", "hosts/PROV"}

    # M-04: without the agreement nobody arrives.
    outbound = f"/placements/{ids['out-7-20']}"
    assert (await way.refused(REGION, f"{outbound}/arrive", {"arrived_on": "2012-06-20"})).code == "not-ready"
    await way.agree()
    set_clock(home, "2012-07-02")
    for id, host in way.where.items():
        await way.post(officer(host), f"/placements/{id}/arrive", {"arrived_on": "2012-07-01"})

    # W-04: those who come back have served their year, those who went out are still there.
    set_clock(home, "2013-07-02")
    for id in back:
        await way.post(officer(way.where[id]), f"/placements/{id}/end", {"ended_on": "2013-06-30"})
    assert (await way.refused(REGION, f"{outbound}/end", {"ended_on": "2013-06-30"})).code == "reason-missing"
    ended = {case["id"]: case["days_served"] for case in await way.cases() if case["state"] == "ended"}
    assert ended == dict.fromkeys(back, 365)

    await way.evaluate()
    certificates = await door.get(persons.MINISTRY, "/v1/assessment/certificates", session=BACK)
    assert (await way.assessments(), certificates["items"]) == (dict.fromkeys(back, "confirmed"), [])

    async def told() -> bool:
        stages = [(await door.get(persons.MINISTRY, f"/v1/journeys/{id}"))["stage"] for id in way.where]
        return sorted(stages) == ["in_training", "in_training", "passed", "passed"]

    await until(told, "journeys tell both directions")
