"""Online courses of continuing-education sites, and who completed which (D-07)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar
from uuid import UUID

from placement.domain.year_rules import CourseRules
from shared.kernel.lifecycle import Aggregate
from shared.kernel.refusals import Conflict, RuleViolated


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
    """Hours of one person in one year, beside what the policy says is generally expected; it decides nothing."""

    rules: CourseRules
    year: int
    professional: int
    public: int

    @property
    def total(self) -> int:
        """All hours."""
        return self.professional + self.public

    @property
    def reaches_hours(self) -> bool:
        """Whether the hours of a year are reached."""
        return self.total >= self.rules.hours_per_year

    @property
    def reaches_share(self) -> bool:
        """Whether professional subjects have their share of the hours; False without hours."""
        return self.total > 0 and Fraction(self.professional, self.total) >= self.rules.professional_share


def hours_of(rules: CourseRules, year: int, completed: Iterable[tuple[Subject, int]]) -> CourseHours:
    """Sum completions of a year."""
    sums = dict.fromkeys(Subject, 0)
    for subject, hours in completed:
        sums[subject] += hours
    return CourseHours(rules, year, sums[Subject.PROFESSIONAL], sums[Subject.PUBLIC])
