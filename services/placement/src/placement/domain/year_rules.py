"""What a policy says of the year at the host: groups, group reports, inspections, check-ins, courses (D-01 to D-07).

A policy from before these members reads as one that asks for the defaults; nothing is due of a member that is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

NEEDS = ("health", "housing", "workload", "travel", "study_support", "contact")
"""The closed list of what a check-in may speak of (domain.md 7.4): needs only."""
SEVERITIES = ("minor", "major", "severe")


@dataclass(frozen=True, slots=True)
class GroupRules:
    """Persons in a study group; a SHOULD: another size needs a reason (D-01)."""

    smallest: int = 10
    largest: int = 15


@dataclass(frozen=True, slots=True)
class GroupReportRules:
    """A report of each active group per period of months; recipients acknowledge it one by one (D-02)."""

    every_months: int
    due_days: int
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InspectionRules:
    """Inspections of the delivery of training (D-03).

    Attributes:
        share_percent: hosts with trainees that a draw proposes per calendar year.
        codes: what a finding can be about, a closed list.
        measures: what a host can answer, a closed list.
        days: days to put it right, by severity.
    """

    share_percent: int = 0
    codes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    days: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class CheckinRules:
    """Months between invitations to a check-in (None: none are scheduled) and the needs it may name (D-04)."""

    every_months: int | None = None
    needs: tuple[str, ...] = NEEDS


@dataclass(frozen=True, slots=True)
class CourseRules:
    """Hours a year and the share of professional ones that the field asks for; shown as a fact, never a gate (D-07)."""

    hours_per_year: int = 90
    professional_share: Fraction = Fraction(2, 3)


@dataclass(frozen=True, slots=True)
class YearRules:
    """The year at the host."""

    groups: GroupRules = GroupRules()
    group_reports: GroupReportRules | None = None
    inspections: InspectionRules = InspectionRules()
    checkins: CheckinRules = CheckinRules()
    courses: CourseRules = CourseRules()

    @classmethod
    def of(cls, effective: Mapping[str, Any]) -> YearRules:
        """Read an effective policy that passed the published JSON Schema."""
        size = effective.get("groups", {}).get("size", {})
        reports = effective.get("group_reports")
        inspections = effective.get("inspections", {})
        checkins = effective.get("checkins", {})
        courses = effective.get("courses", {})
        return cls(
            groups=GroupRules(size.get("min", 10), size.get("max", 15)),
            group_reports=None
            if reports is None
            else GroupReportRules(
                reports.get("every_months", 3),
                reports.get("due_days", 15),
                tuple(reports.get("recipients", ("sending_unit", "region"))),
            ),
            inspections=InspectionRules(
                inspections.get("share_percent", 0),
                tuple(inspections.get("findings", ())),
                tuple(inspections.get("measures", ())),
                inspections.get("days"),
            ),
            checkins=CheckinRules(checkins.get("every_months"), tuple(checkins.get("needs", NEEDS))),
            courses=CourseRules(courses.get("hours_per_year", 90), Fraction(courses.get("professional_share", "2/3"))),
        )
