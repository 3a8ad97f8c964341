"""Applicants: who they are, what they state, and what becomes of the application before the roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random
from typing import Any

from talent_local.cohort.people.codes import Codes
from talent_local.cohort.people.identity import draw_birth_date, identity_number
from talent_local.cohort.people.names import Name, draw_name
from talent_local.cohort.places.units import Unit

CALL_YEAR = 2024
TITLES = ("intermediate", "intermediate", "intermediate", "associate_senior", "senior")
STUDIED = {
    "education": ("teaching-methods", "school-leadership"),
    "health": ("clinical-practice", "disease-control", "tibetan-medicine-research"),
    "agriculture": ("plateau-farming", "animal-health", "ecology-environment"),
    "science-technology": ("digital-technology", "energy-water", "ecology-environment"),
    "infrastructure": ("engineering-practice", "energy-water"),
    "culture": ("heritage-culture",),
}
"""Study directions that go with a specialty group; any direction of the policy where none does."""


class Way(StrEnum):
    """What is special about an application before the roster is made."""

    PLAIN = "plain"
    WITHDRAWS = "withdraws"
    RETURNED = "returned"
    REJECTED = "rejected"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Applicant:
    """One person of the cohort.

    Attributes:
        number: 1 to the number of applicants.
        merit: what the experts think of the person, around 75 of 100.
    """

    number: int
    unit: Unit
    name: Name
    birth_date: date
    identity: str
    title: str
    specialty: str
    group: str
    years: int
    grassroots: int
    county: bool
    township: bool
    area: str | None
    direction: str
    hosts: tuple[str, ...]
    merit: float
    way: Way

    @property
    def account(self) -> str:
        """Opaque account id."""
        return f"acc-applicant-{self.number:04d}"

    def application(self, call: str) -> dict[str, Any]:
        """The body of the application."""
        person = {
            "name_zh": self.name.zh,
            "name_bo": self.name.bo,
            "name_latin": self.name.latin,
            "birth_date": self.birth_date.isoformat(),
            "identity_number": self.identity,
            "phone": f"1990000{self.number:04d}",
        }
        return {"call": call, "unit": self.unit.path, "person": person} | self.form()

    def form(self) -> dict[str, Any]:
        """What a correction states again."""
        stated: dict[str, Any] = {
            "title_level": self.title,
            "specialty": self.specialty,
            "years_of_service": self.years,
            "grassroots_years": self.grassroots,
            "county_experience": self.county,
            "township_experience": self.township,
            "study_direction_wish": self.direction,
            "host_preferences": list(self.hosts),
        }
        return stated | ({"focus_area": self.area} if self.area else {})


def draw_applicants(
    random: Random, units: Sequence[Unit], codes: Codes, hosts: Sequence[tuple[str, str]], ways: Sequence[Way]
) -> list[Applicant]:
    """One applicant per entry of ``ways``, spread evenly over the units.

    Args:
        random: seeded.
        units: sending units.
        codes: code lists of the selection policy.
        hosts: (path, specialty group) of every host, for the preferences.
        ways: what is special, by position.
    """
    taken: set[str] = set()
    return [_draw(random, n, units[n % len(units)], codes, hosts, way, taken) for n, way in enumerate(ways)]


def _draw(
    random: Random, n: int, unit: Unit, codes: Codes, hosts: Sequence[tuple[str, str]], way: Way, taken: set[str]
) -> Applicant:
    name = draw_name(random)
    birth_date, identity = _identity(random, unit.area, taken)
    group = unit.group if unit.group in codes.specialties else sorted(codes.specialties)[n % len(codes.specialties)]
    open_to = codes.specialties[group]
    relaxed = [code for code in open_to if code in codes.relaxed]
    title = random.choice(TITLES)
    specialty = random.choice(open_to)
    if way is Way.WAIVED and relaxed:
        title, specialty = "junior", relaxed[0]
    years = max(5, min(CALL_YEAR - birth_date.year - 23, 28))
    directions = [code for code in STUDIED.get(group, ()) if code in codes.directions] or codes.directions
    near = [path for path, offered in hosts if offered == group]
    return Applicant(
        number=n + 1,
        unit=unit,
        name=name,
        birth_date=birth_date,
        identity=identity,
        title=title,
        specialty=specialty,
        group=group,
        years=years,
        grassroots=random.randint(1, years),
        county=random.random() < 0.7,
        township=random.random() < 0.4,
        area=random.choice(codes.areas) if codes.areas else None,
        direction=random.choice(directions),
        hosts=tuple(random.sample(near, min(len(near), random.randint(0, 3)))),
        merit=min(97.0, max(52.0, random.gauss(76, 8))),
        way=way,
    )


def _identity(random: Random, area: str, taken: set[str]) -> tuple[date, str]:
    while True:
        birth_date = draw_birth_date(random)
        number = identity_number(area, birth_date, random.randrange(1000))
        if number not in taken:
            taken.add(number)
            return birth_date, number
