"""The Sichuan two-way secondment in placement: its policy, its hosts, and 1575 people as selection would send them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

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
