"""Online courses and completions on the wire (D-07)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from placement.adapters.http.schemas.common import CodeText, Line
from placement.domain.online import CourseHours, OnlineCourse, Subject
from placement.usecases.online.import_completions import CompletionEntry, Imported
from placement.usecases.online.register_courses import CourseEntry
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor


class OnlineCourseIn(Body):
    """A line of the catalogue."""

    code: CodeText
    provider: CodeText
    title_zh: Line
    title_en: Line
    subject: Subject
    hours: Annotated[int, Field(ge=1, le=500, description="credit hours")]
    offered: bool = True

    def entry(self) -> CourseEntry:
        """As the use case takes it."""
        return CourseEntry(**self.model_dump())


class OnlineCourseOut(Resource):
    """A course of the catalogue."""

    id: UUID
    version: int
    updated_at: datetime | None = None
    code: str
    provider: str
    title_zh: str
    title_en: str
    subject: Subject
    hours: int
    offered: bool


class OnlineCatalogueOut(Resource):
    """The courses of a list as they now stand."""

    count: int
    items: list[OnlineCourseOut]

    @classmethod
    def of(cls, things: Sequence[OnlineCourse], _: Actor) -> OnlineCatalogueOut:
        """Present courses."""
        items = [OnlineCourseOut.model_validate(thing, from_attributes=True) for thing in things]
        return cls(count=len(items), items=items)


class CourseCompletionIn(Body):
    """A completion; ``reference`` is the provider's own number of it."""

    participation: UUID
    course: CodeText
    completed_on: date
    reference: CodeText

    def entry(self) -> CompletionEntry:
        """As the use case takes it."""
        return CompletionEntry(**self.model_dump())


class CourseImportOut(Resource):
    """How many completions are new, and how many were known."""

    recorded: int
    unchanged: int

    @classmethod
    def of(cls, done: Imported, _: Actor) -> CourseImportOut:
        """Present an import."""
        return cls(recorded=done.recorded, unchanged=done.unchanged)


class CourseCompletionOut(Resource):
    """A completion."""

    id: UUID
    version: int
    updated_at: datetime | None = None
    participation: UUID
    course: str
    provider: str
    reference: str
    subject: Subject
    hours: int
    completed_on: date


class CourseHoursOut(Resource):
    """Hours of a person in a year beside the general expectation, which decides nothing here."""

    participation: UUID
    year: int
    professional: int
    public: int
    total: int
    expected_total: int
    expected_professional_share: str
    reaches_total: bool
    reaches_share: bool

    @classmethod
    def of(cls, participation: UUID, hours: CourseHours) -> CourseHoursOut:
        """Present hours."""
        return cls(
            participation=participation, year=hours.year, professional=hours.professional, public=hours.public,
            total=hours.total, expected_total=hours.rules.hours_per_year,
            expected_professional_share=str(hours.rules.professional_share), reaches_total=hours.reaches_hours, reaches_share=hours.reaches_share,
        )  # fmt: skip
