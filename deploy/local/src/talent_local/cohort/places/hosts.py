"""Made-up hosts in 21 provinces, with places by specialty group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import Any, Final

PROVINCES: Final = (
    ("11", "北京", "Beijing"), ("12", "天津", "Tianjin"), ("13", "河北", "Hebei"), ("14", "山西", "Shanxi"),
    ("21", "辽宁", "Liaoning"), ("22", "吉林", "Jilin"), ("31", "上海", "Shanghai"), ("32", "江苏", "Jiangsu"),
    ("33", "浙江", "Zhejiang"), ("34", "安徽", "Anhui"), ("35", "福建", "Fujian"), ("36", "江西", "Jiangxi"),
    ("37", "山东", "Shandong"), ("41", "河南", "Henan"), ("42", "湖北", "Hubei"), ("43", "湖南", "Hunan"),
    ("44", "广东", "Guangdong"), ("50", "重庆", "Chongqing"), ("51", "四川", "Sichuan"), ("53", "云南", "Yunnan"),
    ("61", "陕西", "Shaanxi"),
)  # fmt: skip
"""GB/T 2260 code, name in Chinese, in Latin letters."""

KINDS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "health": ("medical_institution", "health", "医学中心", "Medical Centre"),
    "education": ("university", "education", "师范学院", "Teachers' College"),
    "agriculture": ("research_institute", "agriculture", "农牧科学研究所", "Institute of Farming and Herding"),
    "science-technology": ("research_institute", "science", "应用技术研究所", "Institute of Applied Technology"),
    "infrastructure": ("enterprise", "other", "工程建设集团", "Engineering Works"),
    "culture": ("public_institution", "other", "文化遗产研究中心", "Heritage Centre"),
}
OTHERS: Final = ("public_institution", "other", "综合培训中心", "Training Centre")
"""Type, sector and name of a host by its specialty group; the last is for a group that this list does not know."""

AIR: Final = 1.35
"""Places offered for each trainee, so that a host that declines is no disaster."""


@dataclass(frozen=True, slots=True)
class Host:
    """A host.

    Attributes:
        specialties: codes it is good at; empty means the whole group.
        declines: True for a host that says no to the first proposal it gets.
    """

    code: str
    province: str
    group: str
    specialties: tuple[str, ...]
    declines: bool
    name_zh: str
    name_en: str

    @property
    def path(self) -> str:
        """Organisation path."""
        return f"hosts/{self.code}"

    @property
    def account(self) -> str:
        """Account of its officer."""
        return f"acc-host-{self.code}"

    def mentor(self, n: int) -> str:
        """Account of its n-th mentor, from 0; each takes up to three trainees."""
        return f"acc-mentor-{self.code}-{n // 3 + 1:02d}"

    @property
    def row(self) -> dict[str, Any]:
        """Its row in the register of hosts."""
        type_, sector, *_ = KINDS.get(self.group, OTHERS)
        return {
            "code": self.code, "path": self.path, "type": type_, "province": self.province, "name_zh": self.name_zh,
            "name_en": self.name_en, "sector": sector, "specialty_groups": [self.group], "specialties": list(self.specialties),
        }  # fmt: skip


def draw_hosts(
    random: Random, number: int, demand: Mapping[str, int], specialties: Mapping[str, list[str]]
) -> list[Host]:
    """Hosts of every specialty group, more of those that more people apply from.

    Args:
        random: seeded.
        number: how many; every province has one before any has two.
        demand: people by specialty group.
        specialties: codes by specialty group.
    """
    groups = sorted(demand, key=lambda group: (-demand[group], group))
    shares = {group: max(1, round(number * demand[group] / sum(demand.values()))) for group in groups}
    queue = [group for n in range(number) for group in groups if n < shares[group]]
    hosts = []
    for n, group in enumerate((queue + groups * number)[:number]):
        code, zh, en = PROVINCES[n % len(PROVINCES)]
        _, _, kind_zh, kind_en = KINDS.get(group, OTHERS)
        known = specialties[group]
        narrow = sorted(random.sample(known, min(len(known), 3))) if n % 2 else []
        turn = n // len(PROVINCES) + 1
        names = f"{zh}第{turn}{kind_zh}", f"{en} {kind_en} No. {turn}"
        hosts.append(Host(f"H{n + 1:03d}", code, group, tuple(narrow), n % 11 == 3, *names))
    return hosts


def places_offered(hosts: Sequence[Host], demand: Mapping[str, int]) -> dict[str, int]:
    """Capacity of every host, by code: together `AIR` times the trainees of its group, at least one each."""
    of_group = Counter(host.group for host in hosts)
    return {host.code: max(1, ceil(demand.get(host.group, 0) * AIR / of_group[host.group])) for host in hosts}
