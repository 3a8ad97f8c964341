"""The question register (K-04)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from placement.domain.classes.questions import ClassQuestion, CountPrecision, Phase
from placement.domain.classes.seats import LIVE, ClassSeat
from placement.domain.classes.short_class import OPEN, ClassState, ShortClass
from placement.usecases.batches import Batch
from placement.usecases.classes.announce_class import class_rules, the_class
from placement.usecases.classes.delegates import delegate_of
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Role
from shared.kernel.refusals import Forbidden, Malformed, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionText:
    """A question for the register. ``number`` is the delegate's who asks, where an office enters it for somebody."""

    topic: str
    text: str
    count: int = 1
    precision: CountPrecision = CountPrecision.EXACT
    number: int | None = None


async def ask_questions(work: PlacementWork, id: UUID, texts: Sequence[QuestionText]) -> list[ClassQuestion]:
    """Enter questions: before the class while it is announced, during it while in session (K-04).

    A delegate asks in their own name; a unit for its delegates; the organiser for anybody or nobody.

    Raises:
        Conflict: ``class-not-open``.
        NotFound: ``unknown-delegate``, also for a delegate of another unit.
    """
    course = await work.classes.get(id, target=True)
    seats = {seat.number: seat for seat in await work.class_seats.list(class_id=id, state=LIVE)}
    phase = Phase.DURING if course.state is ClassState.IN_SESSION else Phase.BEFORE
    batch, asked = Batch(), list[tuple[QuestionText, ClassSeat | None]]()
    for place, text in enumerate(texts):
        with batch.at(place, "number"):
            asked.append((text, _asker(work, course, seats, text.number)))
    batch.settle()
    course.must_be(*OPEN)
    rules = await class_rules(work, course)
    first = await work.class_questions.count(class_id=id) + 1
    base = course.ends_on if phase is Phase.DURING else course.starts_on
    due_on = max(base, work.today) + timedelta(days=rules.answer_days)
    questions = [
        ClassQuestion(
            id=work.new_id(), class_id=id, number=first + n, phase=phase, topic=text.topic, text=text.text,
            count=text.count, precision=text.precision, seat_id=seat.id if seat else None,
            account=seat.account if seat else None, unit=seat.unit if seat else None, due_on=due_on,
        )
        for n, (text, seat) in enumerate(asked)
    ]  # fmt: skip
    for question in questions:
        work.class_questions.add(question)
    return questions


def _asker(
    work: PlacementWork, course: ShortClass, seats: Mapping[int, ClassSeat], number: int | None
) -> ClassSeat | None:
    if number is not None:
        seat = delegate_of(seats, number)
        try:
            work.authorise(seat.facets)
        except (NotFound, Forbidden):
            work.authorise(course.facets)
        return seat
    if work.actor.has(Role.APPLICANT):
        own = next((seat for seat in seats.values() if seat.account == work.actor.subject), None)
        if own is None:
            raise NotFound("unknown-delegate", "You have no seat in this class.")
        work.authorise(own.facets)
        return own
    work.authorise(course.facets)
    return None


async def decide_questions(
    work: PlacementWork, id: UUID, decisions: Sequence[tuple[UUID, str, str | None]]
) -> list[ClassQuestion]:
    """Answer questions, mark them for follow-up or close them: (question, action, text of the answer).

    Raises:
        Malformed: ``answer-missing``.
        Conflict: ``wrong-state``.
    """
    await the_class(work, id)
    batch = Batch()
    found = await batch.load(work.class_questions, [question for question, _, _ in decisions], "question")
    for place, (question, action, text) in enumerate(decisions):
        with batch.at(place, "question"):
            if found[question].class_id != id:
                raise NotFound("not-found", "There is no such thing, or you may not see it.")
        with batch.at(place, "text"):
            if action == "answer" and not text:
                raise Malformed("answer-missing", "An answer has a text.", rule="K-04")
            found[question].decide(action, text, on=work.today, by=work.actor)
    batch.settle()
    return [found[question] for question, _, _ in decisions]
