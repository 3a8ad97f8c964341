"""Training plans: written by the host from three inputs, consulted with the trainee, in force (M-06 to M-09, P-15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from placement.domain.facts import PlanInForce
from placement.domain.policies import TRAINING_MODES, WORK_POST
from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Finding, RuleViolated


class PlanState(StrEnum):
    """From the host's draft to the plan in force."""

    DRAFT = "draft"
    TRAINEE_CONSULTED = "trainee_consulted"
    HOST_APPROVED = "host_approved"
    IN_FORCE = "in_force"
    REVISED = "revised"
    CLOSED = "closed"


S = PlanState

_HOST = frozenset({Role.HOST_OFFICER})
_TRAINEE = frozenset({Role.APPLICANT})
_ITSELF = frozenset({Role.SYSTEM})

PLAN = Lifecycle(
    "plan",
    initial=S.DRAFT,
    transitions=[
        *arrows("consult", (S.DRAFT, S.TRAINEE_CONSULTED), S.TRAINEE_CONSULTED, _TRAINEE),
        Transition("approve", S.TRAINEE_CONSULTED, S.HOST_APPROVED, _HOST),
        Transition("enter-force", S.HOST_APPROVED, S.IN_FORCE, _ITSELF),
        Transition("revise", S.IN_FORCE, S.REVISED, _ITSELF),
        *arrows("close", (S.DRAFT, S.TRAINEE_CONSULTED, S.IN_FORCE), S.CLOSED, _ITSELF),
    ],
)


@dataclass(kw_only=True, slots=True)
class Part:
    """One part of a plan: a work post or a training of one mode, over some days of the term (M-08, M-09)."""

    mode: str
    title: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanText:
    """What a host writes. ``inputs`` are the unit's needs, the trainee's situation and the teachers at hand (M-06)."""

    post: str
    tasks: list[str]
    inputs: dict[str, str]
    parts: list[Part]
    outcomes: list[str]

    def check(self, planned_start: date, planned_end: date) -> None:
        """Check against the term.

        Raises:
            RuleViolated: ``plan-incomplete`` with every finding: no work post or no training part (P-15), a part
                that ends before it starts or lies outside the term.
        """
        modes = {part.mode for part in self.parts}
        findings = []
        if WORK_POST not in modes:
            findings.append(Finding("work-post-missing", "The plan needs a work post.", "/parts", "P-15"))
        if modes.isdisjoint(TRAINING_MODES):
            findings.append(Finding("training-missing", "The plan needs a part of training.", "/parts", "P-15"))
        for number, part in enumerate(self.parts):
            if part.ends_on < part.starts_on:
                findings.append(
                    Finding("ends-before-start", "This part ends before it starts.", f"/parts/{number}/ends_on", "M-09")
                )
            elif part.starts_on > planned_end or part.ends_on < planned_start:
                findings.append(Finding("outside-term", "This part lies outside the term.", f"/parts/{number}", "M-09"))
        if findings:
            raise RuleViolated("plan-incomplete", "The plan cannot be accepted as it is.", findings=findings)


@dataclass(kw_only=True)
class Plan(Aggregate):
    """One edition of the training plan of a placement; a revision is a further edition."""

    lifecycle: ClassVar[Lifecycle[PlanState]] = PLAN

    participation: UUID
    host: str
    edition: int = 1
    revises: UUID | None = None
    revision_reason: str | None = None
    post: str
    tasks: list[str]
    inputs: dict[str, str]
    parts: list[Part]
    outcomes: list[str]
    state: PlanState = PlanState.DRAFT
    consulted_on: date | None = None
    trainee_agrees: bool | None = None
    trainee_comments: str | None = None
    approved_on: date | None = None
    in_force_on: date | None = None

    def consult(self, comments: str, agrees: bool, *, on: date, by: Actor) -> None:
        """Record what the trainee says; comments are kept, agreement is asked for but not required (M-07)."""
        self._advance("consult", by)
        self.consulted_on, self.trainee_comments, self.trainee_agrees = on, comments, agrees

    def approve(self, *, on: date, by: Actor) -> None:
        """The host approves its own draft after the consultation.

        Raises:
            RuleViolated: ``plan-not-consulted`` while the trainee has not been heard (M-07).
        """
        if self.state is PlanState.DRAFT and by.has(*_HOST):
            raise RuleViolated(
                "plan-not-consulted", "The trainee has to be consulted before the plan can enter force.", rule="M-07"
            )
        self._advance("approve", by)
        self.approved_on = on

    def enter_force(self, *, on: date, by: Actor) -> PlanInForce:
        """The plan is what is done from now on."""
        self._advance("enter-force", by)
        self.in_force_on = on
        return PlanInForce(self.participation, self.id, self.edition)

    def supersede(self, *, by: Actor) -> None:
        """The next edition is in force."""
        self._advance("revise", by)

    def finish(self, *, by: Actor) -> None:
        """The placement is over or elsewhere; a plan that is done with stays as it is."""
        if "close" in self.allowed_actions(by):
            self._advance("close", by)
