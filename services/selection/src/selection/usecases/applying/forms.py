"""From what an applicant states to a checked form and to the facts that eligibility looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from selection.domain.applying.application import Application
from selection.domain.applying.form import Form
from selection.domain.codes import StaffCategory, TitleLevel, UnitClass
from selection.domain.eligibility.predicates import CandidateFacts
from selection.domain.eligibility.rules import Eligibility, evaluate
from selection.domain.people.person import age_on
from selection.domain.policy.policy import Policy
from shared.kernel.refusals import Finding, Malformed


@dataclass(frozen=True, slots=True)
class Statement:
    """What an applicant states about their work and wishes, with codes not yet checked."""

    title_level: TitleLevel
    specialty: str
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


def checked_form(statement: Statement, policy: Policy) -> Form:
    """The form, every code known to the policy.

    Raises:
        Malformed: ``unknown-code`` with a finding per member; also when grassroots years exceed years of service or a
            host is wished for twice.
    """
    findings = []
    specialty = policy.specialties.get(statement.specialty)
    if specialty is None:
        findings.append(_unknown("specialty", statement.specialty))
    if (statement.focus_area is None) == bool(policy.focus_areas) or (
        statement.focus_area is not None and statement.focus_area not in policy.focus_areas
    ):
        findings.append(_unknown("focus_area", statement.focus_area or ""))
    wish = statement.study_direction_wish
    if wish is not None and wish not in policy.study_directions:
        findings.append(_unknown("study_direction_wish", wish))
    findings += _open_codes(statement, policy)
    if statement.grassroots_years > statement.years_of_service:
        findings.append(
            Finding("years-contradict", "Grassroots years cannot exceed the years of service.", "/grassroots_years")
        )
    if len(set(statement.host_preferences)) != len(statement.host_preferences):
        findings.append(Finding("host-twice", "Name each wished host once.", "/host_preferences"))
    if findings or specialty is None:
        raise Malformed("bad-form", "The statement does not fit the code lists of the call.", findings=findings)
    return Form(
        title_level=statement.title_level, specialty=specialty.code, specialty_group=specialty.group,
        years_of_service=statement.years_of_service, grassroots_years=statement.grassroots_years,
        county_experience=statement.county_experience, township_experience=statement.township_experience,
        focus_area=statement.focus_area, study_direction_wish=wish, host_preferences=statement.host_preferences,
        staff_category=statement.staff_category, position_class=statement.position_class,
        competences=statement.competences, destination=statement.destination,
    )  # fmt: skip


def facts_of(
    form: Form,
    unit_class: UnitClass,
    policy: Policy,
    age: int | None,
    unit_category: str | None = None,
    direction: str | None = None,
    reserve_listed: bool | None = None,
) -> CandidateFacts:
    """What eligibility may look at."""
    return CandidateFacts(
        title_level=form.title_level, specialty=form.specialty, specialty_group=form.specialty_group,
        specialty_in_shortage=policy.specialties[form.specialty].shortage, years_of_service=form.years_of_service,
        grassroots_years=form.grassroots_years, county_experience=form.county_experience,
        township_experience=form.township_experience, unit_class=unit_class, age=age, unit_category=unit_category,
        staff_category=form.staff_category, position_class=form.position_class,
        competences=None if form.competences is None else frozenset(form.competences), direction=direction,
        reserve_listed=reserve_listed,
    )  # fmt: skip


def judged(application: Application, profile: str, policy: Policy, today: date) -> Eligibility:
    """What the rules of the profile say about an application today; attested facts are the selecting authority's."""
    facts = facts_about(application, policy, today)
    return evaluate(policy.profile_rules(profile), facts, application.waived, on=today)


def facts_about(
    application: Application, policy: Policy, today: date, reserve_listed: bool | None = None
) -> CandidateFacts:
    """What eligibility may look at in an application."""
    return facts_of(
        application.form, application.unit_class, policy, age_on(application.birth_date, today),
        application.unit_category, policy.plan_of(application.session).direction, reserve_listed,
    )  # fmt: skip


def _open_codes(statement: Statement, policy: Policy) -> list[Finding]:
    findings = []
    for member, known in (("position_class", policy.position_classes), ("destination", policy.destinations)):
        value = getattr(statement, member)
        if value is not None and value not in known:
            findings.append(_unknown(member, value))
    unknown = [code for code in statement.competences or () if code not in policy.competences]
    return findings + [_unknown("competences", code) for code in unknown]


def _unknown(member: str, value: str) -> Finding:
    return Finding(
        "unknown-code", f"The policy has no such {member.replace('_', ' ')}.", f"/{member}", values={"value": value}
    )
