"""What is measured over journeys: who counts, what is distinct, which money; and what it can be broken down by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from gateway.domain.journey import Journey
from gateway.domain.statistics.quantity import Unit

Kind = Literal["sum", "distinct"]


@dataclass(frozen=True, slots=True)
class Measure:
    """How much a journey adds (``sum``), or which things it names (``distinct``)."""

    unit: Unit
    kind: Kind
    of: Callable[[Journey], Any]


def _reached(milestone: str) -> Measure:
    return Measure(Unit.PERSONS, "sum", lambda journey: int(milestone in journey.milestones))


def _is(section: str, member: str, *values: str) -> Measure:
    return Measure(Unit.PERSONS, "sum", lambda journey: int(journey.sections.get(section, {}).get(member) in values))


def _has(section: str, *members: str) -> Measure:
    def find(journey: Journey) -> int:
        found: Any = journey.sections.get(section, {})
        for member in members:
            found = found.get(member) if isinstance(found, dict) else None
        return int(bool(found))

    return Measure(Unit.PERSONS, "sum", find)


def _waiver(state: str | None) -> Measure:
    def find(journey: Journey) -> int:
        waiver = journey.sections.get("assessment", {}).get("waiver")
        return int(isinstance(waiver, dict) and (state is None or waiver.get("state") == state))

    return Measure(Unit.PERSONS, "sum", find)


def _money(member: str) -> Measure:
    return Measure(Unit.CNY, "sum", lambda journey: journey.sections.get("money", {}).get(member, 0))


def _reports(member: str | None) -> Measure:
    def find(journey: Journey) -> int:
        reports = journey.sections.get("reports", {}).values()
        return sum(1 for report in reports if member is None or report.get(member))

    return Measure(Unit.COUNT, "sum", find)


def _names(find: Callable[[Journey], Any]) -> Measure:
    return Measure(Unit.COUNT, "distinct", lambda journey: [found] if (found := find(journey)) else [])


def _standing(journey: Journey) -> bool:
    """A trainee: has a place on a roster and has neither left it nor the programme before it began."""
    application, roster = journey.sections.get("application", {}), journey.sections.get("roster", {})
    return roster.get("state") == "selected" and application.get("state") != "withdrawn"


def _placed_at(member: str) -> Measure:
    return _names(lambda journey: journey.fact(member) if "placed" in journey.milestones else None)


def _mission(journey: Journey) -> Any:
    return journey.sections.get("placement", {}).get("mission", {}).get("mission")


def _class(journey: Journey) -> Any:
    return journey.sections.get("placement", {}).get("class", {})


def _ended(*kinds: str) -> Measure:
    def find(journey: Journey) -> int:
        placement = journey.sections.get("placement", {})
        return int(bool(placement.get("started")) and (not kinds or placement.get("kind") in kinds))

    return Measure(Unit.PERSONS, "sum", find)


def _accredited(journey: Journey) -> bool:
    accreditation = journey.sections.get("assessment", {}).get("accreditation", {})
    return bool(accreditation.get("state") == "tier_assigned")


def _achievements(journey: Journey, phase: str | None = None) -> list[dict[str, Any]]:
    known = journey.sections.get("assessment", {}).get("achievements", {}).values()
    return [each for each in known if phase in (None, each["phase"])]


def _follow_ups(journey: Journey) -> list[dict[str, Any]]:
    """Recorded follow-ups, the last one last."""
    known = journey.sections.get("assessment", {}).get("follow_ups", {}).values()
    return sorted(known, key=lambda each: str(each["recorded_on"]))


def _counted(unit: Unit, count: Callable[[Journey], int]) -> Measure:
    return Measure(unit, "sum", count)


def _since(member: str, unit: Unit = Unit.COUNT) -> Measure:
    """What follow-ups found since the one before, added up."""
    return _counted(unit, lambda journey: sum(each[member] for each in _follow_ups(journey)))


def _fits(journey: Journey) -> int:
    """1 when the last follow-up found a post that uses what was learnt (C-06)."""
    found = _follow_ups(journey)
    return int(bool(found) and found[-1].get("post_fits") is True)


MEASURES: dict[str, Measure] = {
    "applied": _reached("applied"),
    "trainees": Measure(Unit.PERSONS, "sum", lambda journey: int(_standing(journey))),
    "withdrawn": _is("application", "state", "withdrawn"),
    "placed": _reached("placed"),
    "arrived": _reached("arrived"),
    "arrived_on_time": _is("placement", "punctuality", "on_time"),
    "ended": _ended(),
    "completed": _ended("normal"),
    "assessed": _reached("assessed"),
    "passed": _is("assessment", "result", "pass"),
    "certificates": _is("certificate", "state", "issued"),
    "certificates_revoked": _is("certificate", "state", "revoked"),
    "waivers_granted": _waiver(None),
    "waivers_used": _waiver("consumed"),
    "reports": _reports(None),
    "reports_overdue": _reports("overdue"),
    "sessions": _names(lambda journey: journey.fact("session")),
    "hosts": _placed_at("host"),
    "provinces": _placed_at("host_province"),
    "missions": _names(_mission),
    "mission_experts": Measure(Unit.PERSONS, "sum", lambda journey: int(bool(_mission(journey)))),
    "class_persons": Measure(Unit.PERSONS, "sum", lambda journey: int(bool(_class(journey)))),
    "class_questions": Measure(Unit.COUNT, "sum", lambda journey: _class(journey).get("questions", 0)),
    "class_questions_before": _counted(Unit.COUNT, lambda journey: _class(journey).get("questions_before", 0)),
    "card_uses": _counted(Unit.COUNT, lambda journey: journey.sections.get("assessment", {}).get("card_uses", 0)),
    "achievements": _counted(Unit.COUNT, lambda journey: len(_achievements(journey))),
    "achievements_during": _counted(Unit.COUNT, lambda journey: len(_achievements(journey, "during"))),
    "achievements_after": _counted(Unit.COUNT, lambda journey: len(_achievements(journey, "after"))),
    "follow_ups": _counted(Unit.COUNT, lambda journey: len(_follow_ups(journey))),
    "followed_up": _counted(Unit.PERSONS, lambda journey: int(bool(_follow_ups(journey)))),
    "fitting_posts": _counted(Unit.PERSONS, _fits),
    "follow_up_projects": _since("projects"),
    "follow_up_funds": _since("funds", Unit.CNY),
    "accredited": Measure(Unit.PERSONS, "sum", lambda journey: int(_accredited(journey))),
    "cards": _has("assessment", "card"),
    "reserved": _money("reserved"),
    "committed": _money("committed"),
    "released": _money("released"),
    "disbursed": _money("paid"),
    "clawed_back": _money("clawed_back"),
}
"""Measure → how it is taken; what belongs to no participation is read from its own events (``happenings``)."""

PARTS: dict[tuple[str, str], Callable[[Journey], list[str]]] = {
    ("achievements", "kind"): lambda journey: [each["kind"] for each in _achievements(journey)],
    ("achievements", "phase"): lambda journey: [each["phase"] for each in _achievements(journey)],
    ("achievements_during", "kind"): lambda journey: [each["kind"] for each in _achievements(journey, "during")],
    ("achievements_after", "kind"): lambda journey: [each["kind"] for each in _achievements(journey, "after")],
    ("follow_ups", "round"): lambda journey: [each["round"] for each in _follow_ups(journey)],
}
"""Things of a journey by a dimension of their own; they are things and not persons, so no cell is hidden."""

DIMENSIONS: dict[str, Callable[[Journey], Any]] = {
    "prefecture": lambda journey: journey.prefecture,
    "host_province": lambda journey: journey.fact("host_province"),
    "specialty_group": lambda journey: journey.sections.get("roster", {}).get("specialty_group"),
    "title_level": lambda journey: journey.sections.get("roster", {}).get("title_level"),
    "direction": lambda journey: journey.sections.get("roster", {}).get("direction"),
    "staff_category": lambda journey: journey.sections.get("roster", {}).get("staff_category"),
    "fund": lambda journey: journey.sections.get("money", {}).get("fund"),
    "tier": lambda journey: journey.sections.get("assessment", {}).get("accreditation", {}).get("tier"),
    "stage": lambda journey: journey.stage,
}
"""What a table can be broken down by. Ethnicity is not among them and never will be (domain.md 7.3)."""

UNKNOWN = "unknown"
"""The key of journeys that say nothing about a dimension."""


@dataclass(slots=True)
class Tally:
    """Measures as they add up over journeys."""

    sums: dict[str, int]
    things: dict[str, set[str]]

    @classmethod
    def of(cls, names: set[str]) -> Tally:
        """An empty tally of these measures."""
        return cls(dict.fromkeys(names, 0), {name: set() for name in names if MEASURES[name].kind == "distinct"})

    def add(self, journey: Journey) -> None:
        """Count a journey."""
        for name in self.sums:
            found = MEASURES[name].of(journey)
            if name in self.things:
                self.things[name].update(map(str, found))
            else:
                self.sums[name] += found

    def __iter__(self) -> Iterator[tuple[str, int]]:
        for name, value in self.sums.items():
            yield name, len(self.things[name]) if name in self.things else value
