"""Bring the catalogue of online courses up to date (D-07)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from placement.domain.online import OnlineCourse, Subject
from placement.usecases.batches import Batch
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseEntry:
    """A line of the catalogue."""

    code: str
    provider: str
    title_zh: str
    title_en: str
    subject: Subject
    hours: int
    offered: bool


async def register_courses(work: PlacementWork, entries: Sequence[CourseEntry]) -> list[OnlineCourse]:
    """Create or update courses by their code; completions keep the hours they were taken in with.

    Raises:
        Malformed: ``duplicate-item`` with a pointer for each.
    """
    batch, seen = Batch(), set[str]()
    for number, entry in enumerate(entries):
        with batch.at(number, "code"):
            if entry.code in seen:
                raise Malformed("duplicate-item", "The list names this twice.")
            seen.add(entry.code)
    batch.settle()
    known = {course.code: course for course in await work.online_courses.list(code=seen)}
    for entry in entries:
        course = known.get(entry.code)
        if course is None:
            known[entry.code] = course = OnlineCourse(id=work.new_id(), **asdict(entry))
            work.online_courses.add(course)
        else:
            for name, value in asdict(entry).items():
                setattr(course, name, value)
    return [known[entry.code] for entry in entries]
