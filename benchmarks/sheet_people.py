"""People for the benches of selection: made up, sound, as many as are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from selection.domain.people.identity import check_digit

PROGRAMME: Final = "tibet-special-training"
FILES: Final = Path(__file__).parents[1] / "programmes" / PROGRAMME
AREAS: Final = ("5401", "5402", "5403", "5404", "5405", "5406", "5425")
UNITS_PER_AREA: Final = 40
FOCUS: Final = ("science-innovation", "local-industry", "rural-revitalization")
_TITLES: Final = ("intermediate", "associate_senior", "senior")
_DAYS: Final = 7000


def content(version: str, file: str = "selection") -> dict[str, Any]:
    """A file of the programme as data."""
    read: dict[str, Any] = yaml.safe_load((FILES / version / f"{file}.yaml").read_text(encoding="utf-8"))
    return read


def codes() -> dict[str, Any]:
    """The code lists of the fourth batch."""
    lists: dict[str, Any] = content("batch-3")["codes"]
    return lists | {"focus_areas": content("batch-4")["codes"]["focus_areas"]}


def organisations() -> list[dict[str, Any]]:
    """The registry: seven prefectures with forty units each."""
    rows = [{"path": "cn/54", "name_zh": "自治区", "name_en": "Region", "unit_class": "regional_authority"}]
    for area in AREAS:
        path = f"cn/54/{area}"
        rows.append({"path": path, "name_zh": area, "name_en": area, "unit_class": "prefecture_authority"})
        rows += [
            {"path": f"{path}/U{n:04d}", "name_zh": f"单位{n}", "name_en": f"Unit {n}", "unit_class": "prefecture_unit"}
            for n in range(UNITS_PER_AREA)
        ]
    return rows


def unit_of(number: int) -> str:
    """The unit of person ``number``."""
    return f"cn/54/{AREAS[number % len(AREAS)]}/U{number // len(AREAS) % UNITS_PER_AREA:04d}"


def born(number: int) -> date:
    """The birth date of person ``number``."""
    return date(1975, 1, 1) + timedelta(days=number % _DAYS)


def identity(number: int) -> str:
    """A sound identity number of person ``number``, of which there are seven million."""
    first = f"540102{born(number):%Y%m%d}{number // _DAYS:03d}"
    return first + check_digit(first)


def statement(number: int, specialties: list[str]) -> dict[str, Any]:
    """What person ``number`` states about work and wishes."""
    return {
        "title_level": _TITLES[number % 3], "specialty": specialties[number % len(specialties)],
        "years_of_service": 8 + number % 20, "grassroots_years": number % 8,
        "focus_area": FOCUS[number % 3],
    }  # fmt: skip


def sheet_rows(count: int, first: int = 0) -> Iterator[dict[str, Any]]:
    """Rows of a sheet of applications."""
    specialties = [row["code"] for row in codes()["specialties"]]
    for number in range(first, first + count):
        yield statement(number, specialties) | {
            "name_zh": f"扎西{number}", "name_bo": "བཀྲ་ཤིས།", "name_latin": f"Tashi {number}",
            "identity_number": identity(number), "birth_date": born(number), "phone": f"139{number:08d}",
            "unit": unit_of(number), "county_experience": "yes" if number % 2 else "no", "township_experience": "no",
            "study_direction_wish": "clinical-practice", "host_preferences": "hosts/H001 hosts/H002", "consent": "yes",
        }  # fmt: skip
