"""Made-up hosts in 21 provinces, with places by specialty group."""

from __future__ import annotations

from collections.abc import Mapping
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
    "engineering": ("enterprise", "science", "工程技术集团", "Engineering Works"),
}
OTHERS: Final = ("public_institution", "other", "综合培训中心", "Training Centre")
"""Type, sector and name of a host by its specialty group; the last is for a group that this list does not know."""

AIR: Final = 1.5
"""Places offered for each expected trainee, so that a host that declines is no disaster."""


@dataclass(frozen=True, slots=True)
class Host:
    """A host and what it offers.

    Attributes:
        specialties: codes it is good at; empty means the whole group.
        capacity: places offered in the session.
        mentors: how many mentors it registers.
        declines: True for a host that says no to the first proposal it gets.
    """

    code: str
    province: str
    group: str
    specialties: tuple[str, ...]
    capacity: int
    mentors: int
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
        """Account of its n-th mentor, from 0."""
        return f"acc-mentor-{self.code}-{n % self.mentors + 1:02d}"

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
    """Hosts whose places exceed the demand of every specialty group.

    Args:
        random: seeded.
        number: how many; every province has one before any has four.
        demand: trainees expected by specialty group.
        specialties: codes by specialty group.
    """
    groups = sorted(demand, key=lambda group: (-demand[group], group))
    total = sum(demand.values())
    shares = {group: max(1, round(number * demand[group] / total)) for group in groups}
    queue = [group for n in range(number) for group in groups if n < shares[group]]
    queue = (queue + groups * number)[:number]
    hosts, seen = [], dict.fromkeys(groups, 0)
    for n, group in enumerate(queue):
        code, zh, en = PROVINCES[n % len(PROVINCES)]
        _, _, kind_zh, kind_en = KINDS.get(group, OTHERS)
        capacity = ceil(demand[group] * AIR / queue.count(group)) + random.choice((0, 0, 1))
        chosen = specialties[group] if seen[group] % 2 else []
        narrow = tuple(sorted(random.sample(chosen, min(len(chosen), 3))))
        seen[group] += 1
        hosts.append(
            Host(
                f"H{n + 1:03d}", code, group, narrow, capacity, ceil(capacity / 3), n % 11 == 3,
                f"{zh}第{n // len(PROVINCES) + 1}{kind_zh}", f"{en} {kind_en} No. {n // len(PROVINCES) + 1}",
            )
        )  # fmt: skip
    return hosts
