"""One short class step by step, over the real routes; ``road`` is that of the integration tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from placement.domain.policies import Rules
from shared.contracts import selection
from shared.kernel.actor import Actor, Role
from shared.testing.actors import someone

PROGRAMMES = Path(__file__).parents[5] / "programmes"
PROGRAMME, VERSION = "skilled-talent-class", "class-2006"
BEGIN, END = date(2006, 9, 4), date(2006, 9, 8)
PREFIX = {
    "provincial-department": "P", "prefecture-bureau": "C", "industry": "I", "enterprise": "E", "technical-school": "S",
}  # fmt: skip
UNITS = dict(zip(PREFIX, (30, 140, 12, 16, 230), strict=True))
"""K-01: units by category, 428 in all."""
PROVINCES = (
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64",
)  # fmt: skip
"""The thirty provinces of K-01; the source does not name them."""
KINDS = ("ceremony", *["lecture"] * 10, "breakout", "breakout", "breakout", "seminar", "qa", "self_study", "ceremony")
"""K-02, K-03, K-06: ten lectures, three breakout groups, and the other forms."""


def programme_file(programme: str, version: str) -> dict[str, Any]:
    """A ``placement.yaml``."""
    path = PROGRAMMES / programme / version / "placement.yaml"
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def class_rules() -> Any:
    """The member ``class`` of the programme's own policy."""
    return Rules.of(programme_file(PROGRAMME, VERSION)).short_class


def unit_path(category: str, n: int) -> str:
    """The path of the n-th unit of a category, from 0."""
    return f"cn/{PROVINCES[n % len(PROVINCES)]}/{PREFIX[category]}{n:03d}"


def roll(units: dict[str, int]) -> list[dict[str, Any]]:
    """Lines of the roll."""
    return [
        {"unit": unit_path(category, n), "category": category, "province": PROVINCES[n % len(PROVINCES)]}
        for category, count in units.items()
        for n in range(count)
    ]


def timetable() -> list[dict[str, Any]]:
    """Sessions of an hour and a half, four a day from Monday on; the breakouts are at the same time."""
    items: list[dict[str, Any]] = []
    slot = 0
    for number, kind in enumerate(KINDS, 1):
        day, hour = 4 + slot // 4, (0, 2, 6, 8)[slot % 4]
        group = number - KINDS.index("breakout") if kind == "breakout" else None
        items.append(
            {
                "number": number, "kind": kind, "topic_zh": f"议题{number}", "topic_en": f"Topic {number}",
                "starts_at": f"2006-09-{day:02d}T{hour:02d}:30:00Z", "ends_at": f"2006-09-{day:02d}T{hour + 1:02d}:59:00Z",
                "lecturers": [f"L{number:02d}"] if kind == "lecture" else [], "breakout": group,
            }
        )  # fmt: skip
        slot += group is None or group == 3
    return items


class ClassRoad:
    """A class on its way. ``organiser`` is the ministry; the venue is host 1."""

    def __init__(self, road: Any) -> None:
        self.road, self.id = road, ""
        self.organiser: Actor = road.people.ministry
        self.venue: Actor = road.people.host()

    def unit(self, path: str) -> Actor:
        """The officer of a unit."""
        return someone(Role.UNIT_OFFICER, subject=f"officer-{path.replace('/', '-')}", organisation=path)

    def delegate(self, account: str) -> Actor:
        """A delegate."""
        return someone(Role.APPLICANT, subject=account)

    def on(self, day: date, hour: int = 10) -> None:
        """Let it be that hour of UTC on that day."""
        self.road.service.clock.at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)

    def text(self, **more: Any) -> dict[str, Any]:
        """What is announced."""
        return {
            "programme": PROGRAMME, "policy_version": VERSION, "batch": VERSION, "session": "2006", "code": "C2006",
            "title_zh": "高技能人才培训班", "title_en": "Class on high-skilled talent", "organiser": "cn",
            "host": "hosts/H001", "starts_on": str(BEGIN), "ends_on": str(END), "registers_until": "2006-09-04",
        } | more  # fmt: skip

    async def post(self, actor: Actor, step: str, body: Any = None, **more: Any) -> Any:
        """A command about the class."""
        return await self.road.post(actor, f"/classes/{self.id}{step}", body, **more)

    async def ok(self, actor: Actor, step: str, body: Any = None) -> Any:
        """A command that is done."""
        return await self.road.ok(self.post(actor, step, body))

    async def put(self, step: str, items: Sequence[Any]) -> Any:
        """The organiser sets something up."""
        return await self.road.put(self.organiser, f"/classes/{self.id}{step}", {"items": list(items)})

    async def get(self, actor: Actor, step: str = "") -> Any:
        """Something of the class."""
        return await self.road.get(actor, f"/classes/{self.id}{step}")

    async def announced(self, seats: dict[str, int] | None = None, **more: Any) -> str:
        """The policy is applied, the venue is in the register, the class is announced."""
        self.on(date(2006, 7, 3))
        content = programme_file(PROGRAMME, VERSION)
        for category in content["class"]["categories"]:
            category["seats"] = (seats or {}).get(category["code"], category["seats"])
        await self.road.ok(self.road.put(self.road.people.operator, f"/policies/{PROGRAMME}/{VERSION}", content))
        await self.road.hosts(1)
        made = await self.road.ok(self.road.post(self.organiser, "/classes", self.text(**more)))
        self.id = made["id"]
        return str(self.id)

    async def registering(self, units: dict[str, int], seats: dict[str, int] | None = None) -> None:
        """Units are on the roll and may register."""
        await self.announced(seats)
        await self.road.ok(self.put("/units", roll(units)))
        await self.ok(self.organiser, "/open-registration")

    async def register(self, *delegates: tuple[str, str], by: Actor | None = None, wait: bool = True) -> Any:
        """Delegates of units, (path, account)."""
        items = [{"unit": unit, "account": account, "wait": wait} for unit, account in delegates]
        return await self.post(by or self.organiser, "/delegates", {"items": items})

    async def in_session(self, delegates: int = 4) -> list[tuple[str, str]]:
        """A small class of technical schools, one delegate each, is in session with its timetable."""
        await self.registering({"technical-school": delegates})
        people = [(unit_path("technical-school", n), f"d-{n}") for n in range(delegates)]
        await self.road.ok(self.register(*people))
        await self.road.ok(self.put("/sessions", timetable()))
        await self.ok(self.organiser, "/groups", {"seed": "s"})
        self.on(BEGIN)
        await self.ok(self.organiser, "/begin")
        return people

    async def called(self) -> None:
        """Everybody was at everything."""
        self.on(END, 12)
        for number in range(1, len(KINDS) + 1):
            await self.ok(self.venue, f"/sessions/{number}/attendance", {"items": [], "rest": "present"})

    def selected(self, number: int, unit: str) -> selection.Selected:
        """What selection says of somebody chosen for the class."""
        return selection.Selected(
            participation=UUID(self.road.pid(number)), account=f"account-{number}", programme=PROGRAMME, batch=VERSION,
            session="2006", roster=UUID(int=7), roster_version=1, direction="outbound",
            specialty="vocational-training", specialty_group="skills", study_direction="vocational-training",
            sending_unit=unit, origin_area="1100", title_level="intermediate", rank=number,
            planned_start=date(2006, 9, 1), planned_end=date(2006, 9, 30), term="P1M", policy_version=VERSION,
        )  # fmt: skip
