"""Who was there: one mark per session and delegate, and the share of it (K-01, K-07)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from placement.domain.classes.rules import ClassRules
from placement.domain.classes.seats import ClassSeat
from placement.domain.classes.timetable import ClassSession
from shared.kernel.lifecycle import Aggregate


class ClassAttendance(StrEnum):
    """What the call said of a delegate."""

    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"


@dataclass(kw_only=True)
class ClassMark(Aggregate):
    """The mark of one delegate (``seat``) at one session; it may be corrected until the class is evaluated."""

    class_id: UUID
    session_id: UUID
    seat_id: UUID
    mark: ClassAttendance


@dataclass(frozen=True, slots=True)
class Attended:
    """What a delegate attended; ``share`` is whole percent, rounded down, 0 where nothing counts."""

    share: int
    lectures: int


def called(session: ClassSession, rules: ClassRules) -> bool:
    """True for a session whose attendance counts."""
    return session.kind in rules.counted and not session.dropped


def expected(seats: Iterable[ClassSeat], session: ClassSession) -> list[ClassSeat]:
    """The seated delegates who belong into a session: of its group, or all."""
    return [seat for seat in seats if session.breakout in (None, seat.breakout)]


def attended(marks: Iterable[tuple[str, ClassAttendance]], rules: ClassRules) -> Attended:
    """The share over (kind of session, mark): present of those that count; excused ones as the policy says."""
    present = counted = lectures = 0
    for kind, mark in marks:
        lectures += kind in rules.lectures and mark is ClassAttendance.PRESENT
        if kind not in rules.counted or (mark is ClassAttendance.EXCUSED and not rules.excused_is_absent):
            continue
        counted += 1
        present += mark is ClassAttendance.PRESENT
    return Attended(100 * present // counted if counted else 0, lectures)
