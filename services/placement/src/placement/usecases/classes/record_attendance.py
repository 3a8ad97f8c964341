"""The call of a session (K-01, K-07)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from placement.domain.classes.attendance import ClassAttendance, ClassMark, expected
from placement.domain.classes.short_class import ClassState
from placement.usecases.batches import Batch
from placement.usecases.classes.announce_class import the_class
from placement.usecases.classes.delegates import delegate_of, delegates_of
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Malformed, NotFound, RuleViolated


async def record_attendance(
    work: PlacementWork,
    id: UUID,
    number: int,
    marks: Sequence[tuple[int, ClassAttendance]],
    rest: ClassAttendance | None,
) -> list[ClassMark]:
    """The call of one session: delegate number and mark; ``rest`` is the mark of all who are not named.

    A second call corrects the first one.

    Raises:
        NotFound: ``unknown-session``, ``unknown-delegate``.
        RuleViolated: ``session-not-begun``, ``other-group``.
        Malformed: ``duplicate-item``.
        Conflict: ``class-not-open``.
    """
    course = await the_class(work, id)
    session = await work.class_sessions.find(class_id=id, number=number)
    if session is None or session.dropped:
        raise NotFound("unknown-session", "The timetable has no such session.", number=number)
    course.must_be(ClassState.IN_SESSION)
    if session.starts_at > work.now:
        raise RuleViolated("session-not-begun", "The session has not begun.", rule="K-07")
    seats = await delegates_of(work, course)
    there = {seat.number: seat for seat in expected(seats.values(), session)}
    counted, batch, said = Counter(each for each, _ in marks), Batch(), dict[int, ClassAttendance]()
    for place, (each, mark) in enumerate(marks):
        with batch.at(place, "number"):
            delegate_of(seats, each)
            if each not in there:
                raise RuleViolated("other-group", "This delegate belongs to another group.", rule="K-03")
            if counted[each] > 1:
                raise Malformed("duplicate-item", "The list names this twice.")
            said[each] = mark
    batch.settle()
    if rest is not None:
        said = dict.fromkeys(there, rest) | said
    known = {mark.seat_id: mark for mark in await work.class_marks.list(session_id=session.id)}
    made = []
    for each, mark in said.items():
        seat = there[each]
        entry = known.get(seat.id)
        if entry is None:
            entry = ClassMark(id=work.new_id(), class_id=id, session_id=session.id, seat_id=seat.id, mark=mark)
            work.class_marks.add(entry)
        entry.mark = mark
        made.append(entry)
    return made
