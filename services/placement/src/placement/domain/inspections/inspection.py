"""An inspection of one host: hidden until it was conducted, then findings about the delivery of training (D-03).

It speaks of plan, post, mentor, course and conditions in codes; there is no member that could speak of a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from placement.domain.facts import InspectionClosed
from placement.domain.year_rules import InspectionRules
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict, Malformed, RuleViolated


class InspectionState(StrEnum):
    """Planned and cancelled ones are known to the inspecting side alone."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    CONDUCTED = "conducted"
    FINDINGS = "findings"
    RECTIFYING = "rectifying"
    CLOSED = "closed"


S = InspectionState
HIDDEN = (S.PLANNED, S.CANCELLED)
_REGION = frozenset({Role.REGIONAL_OFFICER})
_HOST = frozenset({Role.HOST_OFFICER})

INSPECTION = Lifecycle(
    "inspection",
    initial=S.PLANNED,
    transitions=[
        Transition("reschedule", S.PLANNED, S.PLANNED, _REGION),
        Transition("cancel", S.PLANNED, S.CANCELLED, _REGION),
        Transition("conduct", S.PLANNED, S.CONDUCTED, _REGION),
        Transition("find", S.CONDUCTED, S.FINDINGS, _REGION),
        *arrows("answer", (S.FINDINGS, S.RECTIFYING), S.RECTIFYING, _HOST),
        Transition("demand", S.RECTIFYING, S.FINDINGS, _REGION),
        *arrows("close", (S.CONDUCTED, S.RECTIFYING), S.CLOSED, _REGION),
    ],
)


@dataclass(frozen=True, kw_only=True)
class InspectionFinding:
    """One thing about the delivery of training, by code, and what the host did about it, by code."""

    number: int
    code: str
    severity: str
    due_on: date
    measure: str | None = None
    done_on: date | None = None
    evidence_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionAnswer:
    """What the host did about one finding; ``evidence_sha256`` is the hash of a document the host keeps."""

    number: int
    measure: str
    done_on: date
    evidence_sha256: str | None = None


@dataclass(kw_only=True)
class Inspection(Aggregate):
    """One visit of the region to one host. ``due_on`` is the first day by which a finding is to be put right."""

    lifecycle: ClassVar[Lifecycle[InspectionState]] = INSPECTION

    region: str
    host: str
    programme: str
    policy_version: str
    session: str
    planned_on: date
    draw: UUID | None = None
    conducted_on: date | None = None
    closed_on: date | None = None
    due_on: date | None = None
    findings: list[InspectionFinding] = field(default_factory=list)
    state: InspectionState = InspectionState.PLANNED

    @property
    def facets(self) -> Facets:
        """Before it was conducted there is no host that stands in a relation to it."""
        return Facets(unit=self.region, host=None if self.state in HIDDEN else self.host)

    def reschedule(self, on: date, today: date, *, by: Actor) -> None:
        """Another day. Raises ``RuleViolated`` ``inspection-in-past``, ``Conflict`` ``same-day``."""
        self._advance("reschedule", by)
        if on == self.planned_on:
            raise Conflict("same-day", "It is planned for this day already.", rule="D-03")
        self.must_lie_ahead(on, today)
        self.planned_on = on

    @staticmethod
    def must_lie_ahead(on: date, today: date) -> None:
        """Refuse a plan for a day before today. Raises ``RuleViolated`` ``inspection-in-past``."""
        if on < today:
            raise RuleViolated("inspection-in-past", "Plan a day that is not over.", rule="D-03")

    def cancel(self, *, by: Actor) -> None:
        """It is not carried out; nobody inspected hears of it."""
        self._advance("cancel", by)

    def conduct(self, on: date, today: date, *, by: Actor) -> None:
        """It was carried out; from now on the host sees it. Raises ``RuleViolated`` ``date-in-future``."""
        self._advance("conduct", by)
        if on > today:
            raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="D-03")
        self.conducted_on = on

    def find(self, found: list[tuple[str, str]], rules: InspectionRules, today: date, *, by: Actor) -> None:
        """Record findings as (code, severity); each gets its last day by severity.

        Raises:
            Malformed: ``unknown-finding`` for a code that the policy does not have.
        """
        self._advance("find", by)
        unknown = sorted({code for code, _ in found} - set(rules.codes))
        if unknown:
            raise Malformed("unknown-finding", f"The policy has no finding {', '.join(unknown)}.", codes=unknown)
        days = rules.days or {}
        self.findings = [
            InspectionFinding(number=n, code=code, severity=grade, due_on=today + timedelta(days=days.get(grade, 30)))
            for n, (code, grade) in enumerate(found, 1)
        ]
        self._next_day()

    def answer(self, answers: list[InspectionAnswer], rules: InspectionRules, today: date, *, by: Actor) -> None:
        """The host says by code what it did.

        Raises:
            Malformed: ``unknown-measure``, ``unknown-finding``. RuleViolated: ``date-in-future``.
            Conflict: ``answered-already`` when it is what was answered before.
        """
        self._advance("answer", by)
        unknown = sorted({answer.measure for answer in answers} - set(rules.measures))
        if unknown:
            raise Malformed("unknown-measure", f"The policy has no measure {', '.join(unknown)}.", codes=unknown)
        given = {answer.number: answer for answer in answers}
        self._must_know(set(given))
        if any(answer.done_on > today for answer in answers):
            raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="D-03")
        findings = [
            replace(
                each, measure=given[each.number].measure, done_on=given[each.number].done_on,
                evidence_sha256=given[each.number].evidence_sha256,
            )
            if each.number in given else each
            for each in self.findings
        ]  # fmt: skip
        if findings == self.findings:
            raise Conflict("answered-already", "This is what you answered before.", rule="D-03")
        self.findings = findings
        self._next_day()

    def demand(self, numbers: set[int], rules: InspectionRules, today: date, *, by: Actor) -> None:
        """What was done about these is not enough: the host has the days of their severity again."""
        self._advance("demand", by)
        self._must_know(numbers)
        days = rules.days or {}
        self.findings = [
            replace(
                each, measure=None, done_on=None, evidence_sha256=None,
                due_on=today + timedelta(days=days.get(each.severity, 30)),
            )
            if each.number in numbers else each
            for each in self.findings
        ]  # fmt: skip
        self._next_day()

    def close(self, on: date, *, by: Actor) -> InspectionClosed:
        """Nothing was found, or everything was put right. Raises ``RuleViolated`` ``findings-open``."""
        self._advance("close", by)
        still = [each.number for each in self.findings if each.measure is None]
        if still:
            raise RuleViolated("findings-open", f"Not answered yet: {still}.", rule="D-03", numbers=still)
        self.closed_on, self.due_on = on, None
        assert self.conducted_on is not None
        codes = tuple(each.code for each in self.findings)
        severe = sum(each.severity == "severe" for each in self.findings)
        return InspectionClosed(
            self.id, self.region, self.host, self.programme, self.session, self.conducted_on, on, codes, severe
        )

    def _must_know(self, numbers: set[int]) -> None:
        unknown = sorted(numbers - {each.number for each in self.findings})
        if unknown:
            raise Malformed("unknown-finding", f"There is no finding {unknown}.", codes=unknown)

    def _next_day(self) -> None:
        self.due_on = min((each.due_on for each in self.findings if each.measure is None), default=None)
