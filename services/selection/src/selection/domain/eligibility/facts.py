"""The typed facts that eligibility may look at, and which comparisons each of them knows: a closed vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from selection.domain.codes import StaffCategory, TitleLevel, UnitClass


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """What eligibility may look at; nothing else about a person can become a reason. None means not known.

    Attributes:
        years_of_service: whole years of professional work.
        grassroots_years: whole years at county level or below.
        age: whole years today.
        unit_category: what kind of unit nominates, a code of the policy (K-01).
        position_class: the class of post held or aimed at, a code of the policy (W-07).
        competences: areas of knowledge and skill, codes of the policy (S-10, S-11).
        direction: ``outbound`` or ``inbound`` (P-14, S-13).
        reserve_listed: attested by the unit, never stated by the applicant (S-10 to S-13, domain.md 7.3 no. 3).
    """

    title_level: TitleLevel
    specialty: str
    specialty_group: str
    specialty_in_shortage: bool
    years_of_service: int
    grassroots_years: int
    county_experience: bool
    township_experience: bool
    unit_class: UnitClass
    age: int | None = None
    unit_category: str | None = None
    staff_category: StaffCategory | None = None
    position_class: str | None = None
    competences: frozenset[str] | None = None
    direction: str | None = None
    reserve_listed: bool | None = None

    @property
    def competence_count(self) -> int | None:
        """How many competences are known; ``复合型`` asks for several (S-12)."""
        return None if self.competences is None else len(self.competences)


NUMBERS = frozenset({"years_of_service", "grassroots_years", "age", "competence_count"})
FLAGS = frozenset({"specialty_in_shortage", "county_experience", "township_experience", "reserve_listed"})
CLOSED: dict[str, frozenset[str]] = {
    "title_level": frozenset(TitleLevel),
    "unit_class": frozenset(UnitClass),
    "staff_category": frozenset(StaffCategory),
    "direction": frozenset({"outbound", "inbound"}),
}
OPEN = frozenset({"specialty", "specialty_group", "unit_category", "position_class"})
SETS = frozenset({"competences"})
FACTS = NUMBERS | FLAGS | frozenset(CLOSED) | OPEN | SETS
ATTESTED = frozenset({"reserve_listed"})
"""Facts that a unit attests and only the selecting authority sees."""


def operators(fact: str) -> frozenset[str]:
    """The comparisons a fact knows."""
    if fact in SETS:
        return frozenset({"includes", "includes_any", "includes_all"})
    if fact in NUMBERS:
        return frozenset({"is", "at_least", "at_most"})
    if fact in FLAGS:
        return frozenset({"is"})
    return frozenset({"is", "in", "at_least", "at_most"} if fact == "title_level" else {"is", "in"})


def is_value(fact: str, value: Any) -> bool:
    """True when ``value`` can be a single value of ``fact``."""
    if fact in NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool)
    if fact in FLAGS:
        return isinstance(value, bool)
    return isinstance(value, str) and (fact not in CLOSED or value in CLOSED[fact])
