"""The register of hosts as a sheet, in and out with the same columns (P-04, D-08)."""

from __future__ import annotations

from typing import Any

from placement.adapters.http.schemas.hosts import HostIn
from placement.domain.hosts import HostType, Sector
from placement.usecases.hosts.register_hosts import HostEntry
from shared.sheets.columns import Code, Column, Kind

_TYPES = {
    HostType.UNIVERSITY: "高校", HostType.RESEARCH_INSTITUTE: "科研院所", HostType.ENTERPRISE: "企业",
    HostType.PUBLIC_INSTITUTION: "事业单位", HostType.MEDICAL_INSTITUTION: "医疗卫生机构",
}  # fmt: skip
_ZH, _EN = "多个代码以空格分隔。", "Several codes are separated by blanks."

HOST_COLUMNS = (
    Column(code="code", zh="单位代码", en="code", width=14, required=True, max_length=40),
    Column(code="type", zh="单位类型", en="type", kind=Kind.CODE, width=22, required=True,
           codes=tuple(Code(each.value, _TYPES.get(each, ""), each.value.replace("_", " ")) for each in HostType)),
    Column(code="province", zh="省份代码", en="province", width=10, required=True, max_length=2),
    Column(code="name_zh", zh="中文名称", en="name in Chinese", width=32, required=True, max_length=200),
    Column(code="name_en", zh="英文名称", en="name in English", width=32, required=True, max_length=200),
    Column(code="sector", zh="所属系统", en="sector", kind=Kind.CODE, width=16, required=True,
           codes=tuple(Code(each.value, "", each.value.replace("_", " ")) for each in Sector)),
    Column(code="specialty_groups", zh="专业大类", en="specialty groups", width=28, required=True, max_length=2000, note_zh=_ZH, note_en=_EN),
    Column(code="specialties", zh="专业", en="specialties", width=28, max_length=4000, note_zh=_ZH, note_en=_EN),
    Column(code="area", zh="所在地区代码", en="area", width=12, max_length=12),
    Column(code="unit_class", zh="单位类别", en="unit class", width=22, max_length=120),
    Column(code="coordinator", zh="联系协调机构代码", en="coordinator", width=22, max_length=120),
)  # fmt: skip


def host_entry(values: dict[str, Any]) -> HostEntry:
    """The entry of a row, under the rules of the JSON list; the path follows from the code."""
    lists = {name: str(values[name] or "").split() for name in ("specialty_groups", "specialties")}
    return HostIn(**values | lists | {"path": f"hosts/{values['code']}"}).entry()


def host_row(row: Any) -> list[object]:
    """The cells of a host."""
    members = dict(row._mapping)
    for name in ("specialty_groups", "specialties"):
        members[name] = " ".join(members[name])
    return [members[column.code] for column in HOST_COLUMNS]
