"""Builders for the tests of selection: the programme's own data, people with roles, identity numbers that are sound."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from selection.domain.people.identity import check_digit
from selection.domain.policy.inherit import overridden
from shared.kernel.actor import Actor, Role
from shared.testing.actors import someone

PROGRAMME = "tibet-special-training"
FILES = Path(__file__).parents[3] / "programmes" / PROGRAMME
AREAS = ("5401", "5402", "5403", "5404", "5405", "5406", "5425")
SPECIALTIES = (
    "clinical-medicine", "primary-education", "agronomy", "information-technology", "tibetan-medicine", "civil-engineering",
)  # fmt: skip


class People:
    """Who acts in the tests."""

    operator = someone(Role.OPERATOR)
    region = someone(Role.REGIONAL_OFFICER, organisation="cn/54")
    second = someone(Role.REGIONAL_OFFICER, subject="regional_officer-2", organisation="cn/54")
    ministry = someone(Role.MINISTRY_OFFICER, organisation="cn")
    auditor = someone(Role.AUDITOR, organisation="cn-audit")
    service = someone(Role.SERVICE, subject="service:assessment", purpose="certificate")

    @staticmethod
    def applicant(number: int) -> Actor:
        """Applicant ``number``; a person outside the organisation tree."""
        return someone(Role.APPLICANT, subject=f"account-{number}")

    @staticmethod
    def unit(path: str) -> Actor:
        """An officer of a sending unit."""
        return someone(Role.UNIT_OFFICER, subject=f"officer-{path.replace('/', '-')}", organisation=path)

    @staticmethod
    def reviewer(path: str) -> Actor:
        """An officer of a local reviewing authority."""
        return someone(Role.LOCAL_REVIEWER, subject=f"reviewer-{path.replace('/', '-')}", organisation=path)

    @staticmethod
    def expert(number: int = 1) -> Actor:
        """An expert of the panel."""
        return someone(Role.PANEL_EXPERT, subject=f"expert-{number}")


def content(version: str, file: str = "selection", programme: str = PROGRAMME) -> dict[str, Any]:
    """A file of a programme as data."""
    path = FILES.parent / programme / version / f"{file}.yaml"
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def resolved(programme: str, version: str) -> dict[str, Any]:
    """A policy with its predecessor's rows filled in."""
    read = content(version, "selection", programme)
    if (base := read.pop("inherits", None)) is None:
        return read
    return overridden(resolved(programme, base), read)


def versions() -> list[tuple[str, str]]:
    """Every (programme, version) that selection has a policy of, predecessors first."""
    return [(path.parts[-3], path.parts[-2]) for path in sorted(FILES.parent.glob("*/*/selection.yaml"))]


def born(number: int) -> date:
    """The birth date of person ``number``."""
    return date(1975, 1, 1) + timedelta(days=number * 17 % 7000)


def identity(number: int) -> str:
    """A sound identity number of person ``number``."""
    first = f"540102{born(number):%Y%m%d}{number % 1000:03d}"
    return first + check_digit(first)


def person(number: int, **more: Any) -> dict[str, Any]:
    """What person ``number`` states about themselves."""
    return {
        "name_zh": f"扎西{number}", "name_bo": "བཀྲ་ཤིས།", "name_latin": f"Tashi {number}", "birth_date": born(number).isoformat(),
        "identity_number": identity(number), "phone": "13800000000",
    } | more  # fmt: skip


def statement(number: int = 0, **more: Any) -> dict[str, Any]:
    """What person ``number`` states about work and wishes."""
    return {
        "title_level": ("intermediate", "associate_senior", "senior")[number % 3],
        "specialty": SPECIALTIES[number % len(SPECIALTIES)], "years_of_service": 8 + number % 10,
        "grassroots_years": number % 9, "focus_area": "science-innovation", "host_preferences": ["hosts/H001"],
    } | more  # fmt: skip


def unit_of(number: int) -> str:
    """The unit of person ``number``: mostly of a prefecture, some of the region."""
    return "cn/54/5400/U0900" if number % 10 == 9 else f"cn/54/{AREAS[number % len(AREAS)]}/U000{number % 2 + 1}"


def reviewer_of(unit: str) -> str:
    """The path of the authority that reviews people of a unit (S-04)."""
    return unit if unit.startswith("cn/54/5400") else unit.rpartition("/")[0]


def organisations() -> list[dict[str, Any]]:
    """The registry that the tests need."""
    rows = [
        {"path": "cn/54", "name_zh": "自治区人社厅", "name_en": "Region", "unit_class": "regional_authority"},
        {
            "path": "cn/54/5400/U0900",
            "name_zh": "区直单位",
            "name_en": "Region-level unit",
            "unit_class": "region_level_unit",
        },
    ]
    for area in AREAS:
        path = f"cn/54/{area}"
        rows.append({"path": path, "name_zh": area, "name_en": area, "unit_class": "prefecture_authority"})
        rows += [
            {
                "path": f"{path}/U000{n}",
                "name_zh": f"{area}单位{n}",
                "name_en": f"Unit {n}",
                "unit_class": "prefecture_unit",
            }
            for n in (1, 2)
        ]
    return rows


class Kit:
    """What tests are built from; one name instead of ten fixtures."""

    programme = PROGRAMME
    people = People
    content = staticmethod(content)
    resolved = staticmethod(resolved)
    versions = staticmethod(versions)
    identity = staticmethod(identity)
    born = staticmethod(born)
    person = staticmethod(person)
    statement = staticmethod(statement)
    unit_of = staticmethod(unit_of)
    reviewer_of = staticmethod(reviewer_of)
    organisations = staticmethod(organisations)
    check_digit = staticmethod(check_digit)


@pytest.fixture(scope="session")
def kit() -> type[Kit]:
    """What tests are built from."""
    return Kit
