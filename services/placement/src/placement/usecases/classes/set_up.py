"""The roll of units, the seats of the categories and the timetable of a class (K-01, K-02, K-06)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from placement.domain.classes.seats import ClassQuota, ClassUnit
from placement.domain.classes.short_class import OPEN
from placement.domain.classes.timetable import ClassSession, timetable_findings
from placement.domain.hosts import PROVINCES
from placement.usecases.batches import Batch
from placement.usecases.classes.announce_class import class_rules, the_class
from placement.usecases.classes.register_delegates import fill
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict, Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """A unit of the roll."""

    unit: str
    category: str
    province: str


async def set_roll(work: PlacementWork, id: UUID, lines: Sequence[UnitLine]) -> list[ClassUnit]:
    """Add units to the roll, or correct those that have no delegate yet; units not named stay.

    Raises:
        Malformed: ``unknown-category``, ``unknown-province``, ``duplicate-item``, a finding for each.
        Conflict: ``class-not-open``, ``unit-has-delegates``.
    """
    course = await the_class(work, id)
    course.must_be(*OPEN)
    rules = await class_rules(work, course)
    known = {unit.unit: unit for unit in await work.class_units.list(class_id=id, unit={line.unit for line in lines})}
    categories = [category.code for category in rules.categories]
    counted, batch = Counter(line.unit for line in lines), Batch()
    for number, line in enumerate(lines):
        with batch.at(number, "category"):
            if line.category not in categories:
                raise Malformed("unknown-category", f"Use one of: {', '.join(categories)}.", rule="K-01")
        with batch.at(number, "province"):
            if line.province not in PROVINCES:
                raise Malformed("unknown-province", "Use a two-digit code of GB/T 2260.")
        with batch.at(number, "unit"):
            if counted[line.unit] > 1:
                raise Malformed("duplicate-item", "The list names this twice.")
            before = known.get(line.unit)
            if before is not None and before.registered and before.category != line.category:
                raise Conflict("unit-has-delegates", "This unit has delegates; its category stays.", rule="K-01")
    batch.settle()
    for line in lines:
        unit = known.get(line.unit)
        if unit is None:
            unit = ClassUnit(
                id=work.new_id(), class_id=id, unit=line.unit, category=line.category, province=line.province,
                most=rules.seats_per_unit,
            )  # fmt: skip
            known[line.unit] = unit
            work.class_units.add(unit)
        unit.category, unit.province = line.category, line.province
    return [known[line.unit] for line in lines]


async def change_quotas(work: PlacementWork, id: UUID, seats: Sequence[tuple[str, int]]) -> list[ClassQuota]:
    """Give categories more or fewer seats; who waits moves up at once.

    Raises:
        Malformed: ``unknown-category``, ``duplicate-item``.
        Conflict: ``seats-below-taken``, ``class-not-open``.
    """
    course = await the_class(work, id)
    course.must_be(*OPEN)
    quotas = {quota.category: quota for quota in await work.class_quotas.list(class_id=id)}
    counted, batch = Counter(category for category, _ in seats), Batch()
    for number, (category, count) in enumerate(seats):
        with batch.at(number, "category"):
            if category not in quotas:
                raise Malformed("unknown-category", f"Use one of: {', '.join(sorted(quotas))}.", rule="K-01")
            if counted[category] > 1:
                raise Malformed("duplicate-item", "The list names this twice.")
        with batch.at(number, "seats"):
            if category in quotas:
                quotas[category].change(count)
    batch.settle()
    for category, _ in seats:
        await fill(work, course, quotas[category])
    return [quotas[category] for category, _ in seats]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionText:
    """A session as it is handed in."""

    number: int
    kind: str
    topic_zh: str
    topic_en: str
    starts_at: datetime
    ends_at: datetime
    lecturers: list[str]
    breakout: int | None
    dropped: bool


async def set_timetable(work: PlacementWork, id: UUID, texts: Sequence[SessionText]) -> list[ClassSession]:
    """Add sessions or change them by their number; the timetable as a whole has to fit.

    Raises:
        Malformed: ``timetable-wrong`` with everything that does not fit, ``duplicate-item``.
        Conflict: ``class-not-open``, ``attendance-recorded`` for a session that was called already.
    """
    course = await the_class(work, id)
    course.must_be(*OPEN)
    rules = await class_rules(work, course)
    sessions = {session.number: session for session in await work.class_sessions.list(class_id=id)}
    called = {session for session, _ in await work.marked(id)}
    counted, batch = Counter(text.number for text in texts), Batch()
    for place, text in enumerate(texts):
        with batch.at(place, "number"):
            if counted[text.number] > 1:
                raise Malformed("duplicate-item", "The list names this twice.")
            known = sessions.get(text.number)
            if known is not None and known.id in called:
                raise Conflict("attendance-recorded", "This session was called already; it stays.", rule="K-06")
    batch.settle()
    for text in texts:
        members = {name: getattr(text, name) for name in SessionText.__dataclass_fields__}
        session = sessions.get(text.number)
        if session is None:
            sessions[text.number] = ClassSession(id=work.new_id(), class_id=id, **members)
            work.class_sessions.add(sessions[text.number])
            continue
        for name, value in members.items():
            setattr(session, name, value)
    pointers = {text.number: f"/items/{place}" for place, text in enumerate(texts)}
    found = timetable_findings(course, list(sessions.values()), rules, pointers)
    if found:
        raise Malformed("timetable-wrong", "The timetable does not fit; see errors.", rule="K-06", findings=found)
    return [sessions[text.number] for text in texts]
