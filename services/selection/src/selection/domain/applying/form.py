"""What an application holds besides its way: the form, waivers, the local decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from selection.domain.codes import StaffCategory, TitleLevel
from shared.kernel.actor import Role


@dataclass(frozen=True, slots=True)
class Form:
    """What the applicant states; the applicant may change it while the application is theirs.

    Attributes:
        position_class, competences, destination: codes of the policy, where it lists them (S-10, S-11, W-05, W-07).
    """

    title_level: TitleLevel
    specialty: str
    specialty_group: str
    years_of_service: int
    grassroots_years: int
    county_experience: bool
    township_experience: bool
    focus_area: str | None
    study_direction_wish: str | None
    host_preferences: tuple[str, ...]
    staff_category: StaffCategory | None = None
    position_class: str | None = None
    competences: tuple[str, ...] | None = None
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waived rule as the application shows it: who in which role, when, why, under which policy (S-09)."""

    rule: str
    reason: str
    by: str
    at: datetime
    role: Role | None = None
    policy_version: str | None = None


@dataclass(frozen=True, slots=True)
class LocalDecision:
    """The last decision of the local review, with its coded reason and the clause it rests on (S-04)."""

    decision: str
    reason: str | None
    clause: str | None
    comment: str | None
    by: str
    at: datetime
