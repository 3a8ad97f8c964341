"""Check rows of a sheet as single applications are checked, without stopping at the first problem (S-02, S-03, S-04, S-09)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b

from selection.domain.applying.form import Form
from selection.domain.eligibility.predicates import comparisons
from selection.domain.eligibility.rules import Eligibility, evaluate
from selection.domain.importing.row import CheckedRow, RowProblem, SheetRow
from selection.domain.organisation import Organisation
from selection.domain.people.identity import identity_findings, normalised
from selection.domain.people.person import age_on
from selection.domain.policy.policy import Policy
from selection.domain.programmes.call import Call
from selection.usecases.applying.create_application import reviewer_of
from selection.usecases.applying.forms import Statement, checked_form, facts_of
from selection.usecases.importing.stating import statement_of
from selection.usecases.importing.words import said
from selection.usecases.ports import Seals
from shared.kernel.actor import Actor, Role
from shared.kernel.refusals import Refusal

_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,24}")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}")
_MOST_YEARS, _MOST_HOSTS = 60, 5


@dataclass(slots=True)
class RowChecker:
    """Checks rows of one call; what depends on few values (form, rules, unit) is answered once and remembered.

    Attributes:
        call, policy: what the rows apply for.
        organisations: path → organisation, of at least every unit that the rows name.
        actor: who sends the rows; a unit sends its own people, an authority those it reviews.
        submits: whether rows arrive as submitted applications, so that rules that exclude are errors.
    """

    call: Call
    policy: Policy
    organisations: dict[str, Organisation]
    actor: Actor
    vault: Seals
    today: date
    submits: bool
    _units: dict[str, tuple[RowProblem, ...]] = field(default_factory=dict)
    _forms: dict[Statement, tuple[Form | None, tuple[RowProblem, ...]]] = field(default_factory=dict)
    _rules: dict[tuple[object, ...], tuple[RowProblem, ...]] = field(default_factory=dict)
    _asked: tuple[str, ...] | None = None
    _key: bytes | None = None

    def check(self, row: SheetRow) -> CheckedRow:
        """The row with everything wrong with it."""
        unit_problems = self._units.get(row.unit)
        if unit_problems is None:
            unit_problems = self._units[row.unit] = tuple(self._unit(row.unit))
        form, form_problems = self._form(row)
        problems = [*unit_problems, *form_problems, *self._person(row)]
        organisation = self.organisations.get(row.unit)
        if form is not None and organisation is not None:
            problems += self._eligibility(form, organisation, age_on(row.birth_date, self.today))
        number = normalised(row.identity_number)
        index = self.vault.blind_index("identity-number", number)
        likeness = f"{row.name_zh}\x1f{row.birth_date}\x1f{row.unit}"
        if self._key is None:
            self._key = self.vault.blind_index("import-rows", "")
        everything = (
            f"{number}\x1f{likeness}\x1f{row.name_bo}\x1f{row.name_latin}\x1f{row.phone}\x1f{row.title_level}\x1f"
            f"{row.specialty}\x1f{row.years_of_service}\x1f{row.grassroots_years}\x1f{row.county_experience}\x1f"
            f"{row.township_experience}\x1f{row.focus_area}\x1f{row.study_direction_wish}\x1f{row.host_preferences}\x1f"
            f"{row.staff_category}\x1f{row.position_class}\x1f{row.competences}\x1f{row.destination}"
        )
        return CheckedRow(
            row, form, tuple(problems), index, blake2b(likeness.encode(), key=self._key, digest_size=32).digest(),
            blake2b(everything.encode(), key=self._key, digest_size=32).digest(),
        )  # fmt: skip

    def _unit(self, unit: str) -> list[RowProblem]:
        organisation = self.organisations.get(unit)
        if organisation is None:
            return [said("unit", "unknown-unit")]
        try:
            self.call.covers(unit)
            reviewer = reviewer_of(organisation, self.policy)
        except Refusal as refusal:
            return [said("unit", refusal.code)]
        mine = (
            self.actor.has(Role.REGIONAL_OFFICER)
            or (self.actor.has(Role.LOCAL_REVIEWER) and reviewer == self.actor.organisation)
            or (self.actor.has(Role.UNIT_OFFICER) and unit == self.actor.organisation)
        )
        return [] if mine else [said("unit", "not-your-unit")]

    def _form(self, row: SheetRow) -> tuple[Form | None, tuple[RowProblem, ...]]:
        statement = statement_of(row)
        known = self._forms.get(statement)
        if known is None:
            known = self._forms[statement] = self._new_form(statement)
        return known

    def _new_form(self, statement: Statement) -> tuple[Form | None, tuple[RowProblem, ...]]:
        problems = []
        if not 0 <= statement.years_of_service <= _MOST_YEARS:
            problems.append(said("years_of_service", "bad-years"))
        if not 0 <= statement.grassroots_years <= _MOST_YEARS:
            problems.append(said("grassroots_years", "bad-years"))
        if len(statement.host_preferences) > _MOST_HOSTS or not all(map(_HOST.fullmatch, statement.host_preferences)):
            problems.append(said("host_preferences", "bad-hosts"))
        try:
            form = checked_form(statement, self.policy)
        except Refusal as refusal:
            problems += [said(each.pointer.lstrip("/"), each.code) for each in refusal.findings]
            return None, tuple(problems)
        return form, tuple(problems)

    def _person(self, row: SheetRow) -> list[RowProblem]:
        number = normalised(row.identity_number)
        findings = identity_findings(number, row.birth_date, self.today, "")
        problems = [said(finding.pointer.lstrip("/"), finding.code) for finding in findings]
        if row.phone is not None and not _PHONE.fullmatch(row.phone):
            problems.append(said("phone", "bad-phone"))
        if not row.consent:
            problems.append(said("consent", "consent-missing"))
        return problems

    def _eligibility(self, form: Form, unit: Organisation, age: int) -> tuple[RowProblem, ...]:
        rules = self.policy.profile_rules(self.call.profile)
        if self._asked is None:
            self._asked = tuple(sorted({each.fact for rule in rules for each in comparisons(rule.predicate)}))
        direction = self.policy.plan_of(self.call.session).direction
        facts = facts_of(form, unit.unit_class, self.policy, age, unit.category, direction)
        key = tuple(getattr(facts, name) for name in self._asked)
        known = self._rules.get(key)
        if known is None:
            known = self._rules[key] = tuple(self._ruled(evaluate(rules, facts)))
        return known

    def _ruled(self, judged: Eligibility) -> list[RowProblem]:
        severity = "error" if self.submits else "warning"
        return [
            RowProblem("", "not-eligible", f"{each.rule}: {each.message_en}", f"{each.rule}：{each.message_zh}", severity)
            for each in judged.barriers
        ] + [
            RowProblem("", "waiver-needed", f"{each.rule}: {each.message_en}", f"{each.rule}：{each.message_zh}", "warning")
            for each in judged.waivers_needed
        ]  # fmt: skip
