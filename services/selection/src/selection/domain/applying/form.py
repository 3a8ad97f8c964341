"""What an application holds besides its way: the form, waivers, the local decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from selection.domain.codes import TitleLevel


@dataclass(frozen=True, slots=True)
class Form:
    """What the applicant states; the applicant may change it while the application is theirs."""

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


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waived rule: who, when, why (S-09)."""

    rule: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LocalDecision:
    """The last decision of the local review, with its coded reason and the clause it rests on (S-04)."""

    decision: str
    reason: str | None
    clause: str | None
    comment: str | None
    by: str
    at: datetime
