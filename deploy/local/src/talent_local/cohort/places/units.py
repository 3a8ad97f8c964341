"""The organisations of the region: seven prefectures, their units, and the units of the region itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

REGION: Final = "cn/54"
REGION_LEVEL: Final = "cn/54/5400"

PREFECTURES: Final = (
    ("5401", "拉萨市", "ལྷ་ས་", "Lhasa"),
    ("5402", "日喀则市", "གཞིས་ཀ་རྩེ་", "Shigatse"),
    ("5403", "昌都市", "ཆབ་མདོ་", "Chamdo"),
    ("5404", "林芝市", "ཉིང་ཁྲི་", "Nyingchi"),
    ("5405", "山南市", "ལྷོ་ཁ་", "Shannan"),
    ("5406", "那曲市", "ནག་ཆུ་", "Nagqu"),
    ("5425", "阿里地区", "མངའ་རིས་", "Ngari"),
)
"""Code, name in Chinese, in Tibetan, in Latin letters."""

KINDS: Final = (
    ("health", "综合医院", "General Hospital"),
    ("education", "实验中学", "Experimental School"),
    ("agriculture", "农牧技术推广站", "Farming and Herding Extension Station"),
    ("infrastructure", "水利工程站", "Water Engineering Station"),
    ("health", "疾控服务站", "Disease Control Station"),
    ("education", "职业技术学校", "Vocational School"),
    ("science-technology", "信息技术站", "Information Technology Station"),
    ("culture", "文物保护站", "Heritage Station"),
)
"""Specialty group that works there, what a unit of the kind is called."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sending unit; its people have specialties of its group."""

    path: str
    area: str
    group: str
    name_zh: str
    name_en: str

    @property
    def region_level(self) -> bool:
        """True when the unit belongs to the region and reviews its own people (S-04)."""
        return self.area == "5400"

    @property
    def reviewer(self) -> str:
        """Path of the organisation that reviews its people locally (S-04)."""
        return self.path if self.region_level else self.path.rpartition("/")[0]

    @property
    def account(self) -> str:
        """Account of its officer."""
        return f"acc-unit-{self.area}-{self.path[-4:]}"


def prefecture_units(each: int) -> list[Unit]:
    """``each`` units of every prefecture, the first of each prefecture first; small numbers still cover all groups."""
    return [
        _unit(f"{REGION}/{code}/U{n + 1:04d}", code, n, KINDS[(n + each * place) % len(KINDS)], (zh, en))
        for n in range(each)
        for place, (code, zh, _, en) in enumerate(PREFECTURES)
    ]


def region_units(number: int) -> list[Unit]:
    """``number`` units of the region itself, ``U0900`` and on."""
    return [
        _unit(f"{REGION_LEVEL}/U{900 + n:04d}", "5400", n, KINDS[n % len(KINDS)], ("区直", "Regional"))
        for n in range(number)
    ]


def registry(units: list[Unit]) -> list[dict[str, Any]]:
    """The rows of the organisation registry: offices above the units, then the units."""
    offices = [
        _row("cn", "人力资源社会保障部", "Ministry of Human Resources and Social Security", "ministry"),
        _row(REGION, "西藏自治区人力资源和社会保障厅", "Regional Department of Human Resources", "regional_authority"),
        _row("cn-mof", "财政部", "Ministry of Finance", "finance_authority"),
        _row("cn-treasury", "国库", "Treasury", "treasury"),
        _row("cn-audit", "审计机关", "Audit Office", "audit"),
    ]
    prefectures = [
        _row(f"{REGION}/{code}", f"{zh}人力资源和社会保障局", f"{en} Bureau of Human Resources", "prefecture_authority")
        | {"name_bo": f"{bo}མི་ཤུགས་ཐོན་ཁུངས་དང་སྤྱི་ཚོགས་འགན་སྲུང་ཅུས།", "area": code}
        for code, zh, bo, en in PREFECTURES
    ]
    rows = [
        _row(unit.path, unit.name_zh, unit.name_en, "region_level_unit" if unit.region_level else "prefecture_unit")
        | {"area": unit.area}
        for unit in units
    ]
    return offices + prefectures + rows


def _unit(path: str, area: str, n: int, kind: tuple[str, str, str], place: tuple[str, str]) -> Unit:
    group, kind_zh, kind_en = kind
    return Unit(path, area, group, f"{place[0]}第{n + 1}{kind_zh}", f"{place[1]} {kind_en} No. {n + 1}")


def _row(path: str, name_zh: str, name_en: str, unit_class: str) -> dict[str, Any]:
    return {"path": path, "name_zh": name_zh, "name_en": name_en, "unit_class": unit_class}
