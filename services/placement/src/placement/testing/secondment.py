"""The Sichuan two-way secondment in placement: its policy, its hosts, and 1575 people as selection would send them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from shared.kernel.actor import Role
from shared.testing.actors import someone

SICHUAN = "sichuan-two-way-secondment"
POLICY_FILE = Path(__file__).parents[5] / "programmes" / SICHUAN / "batch-2" / "placement.yaml"
OUTBOUND, REVERSE = "2012-outbound", ("2012-inbound", "2013-inbound")
ADMINISTRATIVE, PROFESSIONAL = 727, 618
GROUPS = {"administration": "public-administration", "education": "school-teaching", "health": "clinical-medicine"}
UNITS = (
    ("county-government", "administration"), ("township", "administration"), ("school", "education"),
    ("hospital", "health"),
)  # fmt: skip


def policy() -> dict[str, Any]:
    """The published policy of the batch."""
    read: dict[str, Any] = yaml.safe_load(POLICY_FILE.read_text(encoding="utf-8"))
    return read


@dataclass(frozen=True, slots=True)
class Unit:
    """A host of the secondment: where it is, what it is, which groups it takes."""

    code: str
    area: str
    unit_class: str
    groups: tuple[str, ...]

    @property
    def line(self) -> dict[str, Any]:
        """Its line of the register."""
        return {
            "code": self.code, "path": f"hosts/{self.code}", "type": "public_institution", "province": "51",
            "name_zh": f"单位{self.code}", "name_en": f"Unit {self.code}", "sector": "other",
            "specialty_groups": list(self.groups), "specialties": [], "area": self.area,
            "unit_class": self.unit_class,
        }  # fmt: skip

    def offers(self, session: str, capacity: int) -> list[dict[str, Any]]:
        """What it offers in a session, a line for each group."""
        return [
            {
                "host": f"hosts/{self.code}", "programme": SICHUAN, "policy_version": "batch-2", "session": session,
                "specialty_group": group, "capacity": capacity,
            }
            for group in self.groups
        ]  # fmt: skip


def receiving_units(content: dict[str, Any]) -> list[Unit]:
    """Units of the 32 counties, of two prefectures and a park: where people go out to."""
    counties = [area for scheme in content["pairings"]["schemes"] for area in scheme["targets"]]
    units = [
        Unit(f"C{area}-{number}", area, kind, (group,))
        for area in counties
        for number, (kind, group) in enumerate(UNITS)
    ]
    departments = [Unit(f"P{area}", area, "prefecture-department", ("administration",)) for area in ("5132", "5133")]
    return [*units, *departments, Unit("PARK", "5101", "industrial-park", ("administration",))]


def returning_units(content: dict[str, Any]) -> list[Unit]:
    """Departments of the 16 cities and of the province: where people come to."""
    cities = [area for scheme in content["pairings"]["schemes"] for area in scheme["sources"]]
    units = [Unit(f"D{area}", area, "city-department", tuple(GROUPS)) for area in cities]
    return [*units, *(Unit(f"PROV{n}", "51", "provincial-department", tuple(GROUPS)) for n in range(3))]


def outbound_people(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """1345 people (W-01): 727 administrative, 618 professional; from the 16 cities and from provincial departments."""
    cities = [area for scheme in content["pairings"]["schemes"] for area in scheme["sources"]]
    for number in range(ADMINISTRATIVE + PROFESSIONAL):
        area = cities[number % len(cities)]
        if number < ADMINISTRATIVE:
            group, position = "administration", ("county-team-deputy", "first-secretary")[number // len(cities) % 2]
            if number % 25 == 0:
                area, position = "51", "department-deputy"
        else:
            group, position = ("education", "health")[number // len(cities) % 2], "technical-post"
        yield _person(OUTBOUND, "outbound", date(2012, 7, 1), "P2Y", area, group, number + 1) | {
            "position_class": position,
            "staff_category": "administrative" if number < ADMINISTRATIVE else "professional",
        }


def reverse_people(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """230 people in two cohorts (W-01, W-04) from the 32 counties and the prefectures, a third to an inland post."""
    areas = [area for scheme in content["pairings"]["schemes"] for area in scheme["targets"]] + ["5132", "5133"]
    for cohort, session in enumerate(REVERSE):
        for number in range(115):
            group = list(GROUPS)[number % 3]
            start = date(2012 + cohort, 7, 1)
            person = _person(session, "inbound", start, "P1Y", areas[number % len(areas)], group, number + 1)
            yield person | {"position_class": "inland-post" if number % 3 else None}


def _person(session: str, direction: str, start: date, term: str, area: str, group: str, rank: int) -> dict[str, Any]:
    return {
        "programme": SICHUAN, "batch": "batch-2", "policy_version": "batch-2", "session": session,
        "direction": direction, "term": term, "planned_start": start,
        "planned_end": date(start.year + (2 if term == "P2Y" else 1), 6, 30), "origin_area": area,
        "sending_unit": f"cn/51/{area}/U{rank:04d}", "specialty_group": group, "specialty": GROUPS[group],
        "rank": rank,
    }  # fmt: skip


class Pair:
    """A small two-way secondment: one outbound person of Chengdu, hosts inside and outside the pairing.

    Args:
        road: placement's road, from empty tables; it is set to 20 June 2012.
    """

    HOSTS = (
        Unit("KANG", "513321", "county-government", ("administration",)),
        Unit("KANGHOSP", "513321", "hospital", ("administration", "health")),
        Unit("MAO", "513223", "county-government", ("administration",)),
        Unit("LU", "513322", "county-government", ("administration",)),
        Unit("CHENG", "5101", "city-department", ("administration",)),
        Unit("YI", "5115", "city-department", ("administration",)),
        Unit("PROV", "51", "provincial-department", ("administration",)),
    )

    def __init__(self, road: Any) -> None:
        self.road = road
        self.region = someone(Role.REGIONAL_OFFICER, organisation="cn/51")

    async def set_up(self) -> None:
        """Policy (nothing required before the arrival), register and one open offer of each host."""
        road, content = self.road, policy()
        road.on(date(2012, 6, 20))
        content["arrival"] |= {"requires": []}
        await road.ok(road.put(road.people.operator, f"/policies/{SICHUAN}/batch-2", content))
        await road.ok(road.put(road.people.operator, "/hosts", {"items": [unit.line for unit in self.HOSTS]}))
        for session in (OUTBOUND, REVERSE[0]):
            for unit in self.HOSTS:
                await road.ok(road.post(road.people.ministry, "/offers", unit.offers(session, 2)[0]))

    async def select(self, number: int, **more: Any) -> str:
        """A person selected in Chengdu as a county deputy, unless said otherwise."""
        person = _person(OUTBOUND, "outbound", date(2012, 7, 1), "P2Y", "5101", "administration", number)
        await self.road.receive(self.road.selected(number, **person | {"position_class": "county-team-deputy"} | more))
        return str(self.road.pid(number))

    async def reverse(self, number: int, area: str = "513321", **more: Any) -> str:
        """A person of a county who goes the other way."""
        person = _person(REVERSE[0], "inbound", date(2012, 7, 1), "P1Y", area, "administration", number)
        await self.road.receive(self.road.selected(number, **person | {"position_class": "inland-post"} | more))
        return str(self.road.pid(number))

    async def propose(self, id: str, host: str) -> Any:
        """Ask a host by hand."""
        return await self.road.post(self.road.people.ministry, f"/placements/{id}/propose", {"host": f"hosts/{host}"})

    async def accept(self, id: str, host: str) -> Any:
        """The host takes the person."""
        officer = someone(Role.HOST_OFFICER, subject=host, organisation=f"hosts/{host}")
        return await self.road.post(officer, f"/placements/{id}/accept")

    async def at_the_post(self, number: int) -> str:
        """Somebody proposed, accepted, confirmed and arrived in Kangding."""
        id, road = await self.select(number), self.road
        await road.ok(self.propose(id, "KANG"))
        await road.ok(self.accept(id, "KANG"))
        await road.ok(road.post(road.people.ministry, f"/placements/{id}/confirm"))
        road.on(date(2012, 7, 1))
        await road.ok(road.post(self.region, f"/placements/{id}/arrive", {"arrived_on": "2012-07-01"}))
        road.on(date(2012, 9, 1))
        return id

    def object(self, **more: Any) -> dict[str, Any]:
        """A project in Kangding."""
        return {
            "programme": SICHUAN, "policy_version": "batch-2", "scheme": "scheme-7-20", "kind": "project",
            "code": "road-7", "area": "513321", "title": "A road",
        } | more  # fmt: skip
