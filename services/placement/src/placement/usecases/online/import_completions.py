"""Take in who completed which online course, a list or a sheet at a time (D-07)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.online import CourseCompletion, OnlineCourse, must_be_over
from placement.usecases.batches import Batch
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import Conflict, Forbidden, Malformed, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionEntry:
    """A completion as a provider states it."""

    participation: UUID
    course: str
    completed_on: date
    reference: str


@dataclass(frozen=True, slots=True)
class Imported:
    """How many completions are new, and how many were there already."""

    recorded: int
    unchanged: int


async def import_completions(
    work: PlacementWork, entries: Sequence[CompletionEntry], *, authorise: Callable[[Facets], None] | None = None
) -> Imported:
    """Record completions; the same one again changes nothing, one that cannot be recorded refuses the list.

    Args:
        work: the unit of work.
        entries: in the order of the list.
        authorise: decides about each person where the unit of work itself has no action: in a job.

    Raises:
        NotFound: ``unknown-participation``; the caller may not see it, or there is none.
        Malformed: ``unknown-course``, ``duplicate-item``.
        Conflict: ``completed-already``, ``course-not-offered``.
        RuleViolated: ``date-in-future``.
    """
    people = {one.id: one for one in await work.placements.list(id={entry.participation for entry in entries})}
    courses = {one.code: one for one in await work.online_courses.list(code={entry.course for entry in entries})}
    held = await work.course_completions.list(participation=set(people))
    known = {(one.participation, one.course): one for one in held}
    decide = authorise or work.authorise
    batch, seen, fresh = Batch(), set[tuple[UUID, str]](), list[CourseCompletion]()
    unchanged = 0
    for number, entry in enumerate(entries):
        key = (entry.participation, entry.course)
        with batch.at(number):
            person = people.get(entry.participation)
            if person is None:
                raise NotFound("unknown-participation", "There is no such participation, or you may not see it.")
            try:
                decide(person.facets)
            except (Forbidden, NotFound) as refusal:
                raise NotFound(
                    "unknown-participation", "There is no such participation, or you may not see it."
                ) from refusal
            if key in seen:
                raise Malformed("duplicate-item", "The list names this twice.")
            seen.add(key)
            must_be_over(entry.completed_on, work.today)
            if key in known and known[key].same(entry.reference, entry.completed_on):
                unchanged += 1
                continue
            fresh.append(_completion(work, entry, courses.get(entry.course)))
    batch.settle()
    for one in fresh:
        work.course_completions.add(one)
    return Imported(len(fresh), unchanged)


def _completion(work: PlacementWork, entry: CompletionEntry, course: OnlineCourse | None) -> CourseCompletion:
    if course is None:
        raise Malformed("unknown-course", "The catalogue has no such course.", rule="D-07")
    if not course.offered:
        raise Conflict("course-not-offered", "The course is no longer offered.", rule="D-07")
    return CourseCompletion(
        id=work.new_id(), participation=entry.participation, course=course.code, provider=course.provider,
        reference=entry.reference, subject=course.subject, hours=course.hours, completed_on=entry.completed_on,
        recorded_by=work.actor.subject,
    )  # fmt: skip
