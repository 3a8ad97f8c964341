"""Online courses of continuing-education sites, and who completed which (D-07)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar
from uuid import UUID

from shared.kernel.lifecycle import Aggregate
from shared.kernel.refusals import Conflict, RuleViolated

YEARLY_HOURS = 90
"""Hours of continuing education a year (规定 of 2015, article 8); shown beside what was done, never a gate."""
PROFESSIONAL_SHARE = Fraction(2, 3)
"""Share of them that professional subjects generally have (same article)."""


class Subject(StrEnum):
    """Professional subjects, and those for everybody."""

    PROFESSIONAL = "professional"
    PUBLIC = "public"


@dataclass(kw_only=True)
class OnlineCourse(Aggregate):
    """A course of the catalogue; ``hours`` are credit hours, ``offered`` says whether new completions are taken."""

    code: str
    provider: str
    title_zh: str
    title_en: str
    subject: Subject
    hours: int
    offered: bool = True


@dataclass(kw_only=True)
class CourseCompletion(Aggregate):
    """A course that a person completed, once; subject and hours are those of the day on which it was taken in.

    Attributes:
        reference: the provider's own number of the completion.
    """

    participation: UUID
    course: str
    provider: str
    reference: str
    subject: Subject
    hours: int
    completed_on: date
    recorded_by: str

    catalogue: ClassVar[str] = "online_course"

    def same(self, reference: str, completed_on: date) -> bool:
        """True when the same completion is handed in again.

        Raises:
            Conflict: ``completed-already`` when it is another completion of the same course.
        """
        if (self.reference, self.completed_on) == (reference, completed_on):
            return True
        raise Conflict("completed-already", "The person has completed this course already.", rule="D-07")


def must_be_over(completed_on: date, today: date) -> None:
    """Raises ``RuleViolated`` (``date-in-future``) for a completion that has not happened yet."""
    if completed_on > today:
        raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="D-07")


@dataclass(frozen=True, slots=True)
class CourseHours:
    """Hours of one person in one year, beside what the rules of continuing education generally expect."""

    year: int
    professional: int
    public: int

    @property
    def total(self) -> int:
        """All hours."""
        return self.professional + self.public

    @property
    def reaches_hours(self) -> bool:
        """Whether ``YEARLY_HOURS`` are reached."""
        return self.total >= YEARLY_HOURS

    @property
    def reaches_share(self) -> bool:
        """Whether professional subjects have at least ``PROFESSIONAL_SHARE`` of the hours; False without hours."""
        return self.total > 0 and Fraction(self.professional, self.total) >= PROFESSIONAL_SHARE


def hours_of(year: int, completed: Iterable[tuple[Subject, int]]) -> CourseHours:
    """Sum completions of a year."""
    sums = dict.fromkeys(Subject, 0)
    for subject, hours in completed:
        sums[subject] += hours
    return CourseHours(year, sums[Subject.PROFESSIONAL], sums[Subject.PUBLIC])
