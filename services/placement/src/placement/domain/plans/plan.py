"""One edition of a training plan: written by the host, consulted with the trainee, in force (M-06, M-07)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from placement.domain.facts import PlanInForce
from placement.domain.plans.states import HOST, PLAN, PlanState
from placement.domain.plans.text import Part, PlanText, digest
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle
from shared.kernel.refusals import Conflict, RuleViolated


@dataclass(kw_only=True, slots=True)
class Consultation:
    """What the trainee said to one text, and the host's answer; it is kept whatever is written afterwards (M-07)."""

    on: date
    comments: str
    agrees: bool
    text_sha256: str
    answer: str | None = None
    answered_on: date | None = None


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
    aims: dict[str, list[str]] = field(default_factory=dict)
    state: PlanState = PlanState.DRAFT
    consultations: list[Consultation] = field(default_factory=list)
    consulted_on: date | None = None
    trainee_agrees: bool | None = None
    trainee_comments: str | None = None
    host_answer: str | None = None
    answered_on: date | None = None
    approved_on: date | None = None
    in_force_on: date | None = None

    def rewrite(self, text: PlanText, *, by: Actor) -> None:
        """Write the draft anew; what was said to the text before is kept, but the trainee has to be heard again."""
        self._advance("rewrite", by)
        self.post, self.tasks, self.inputs, self.parts = text.post, text.tasks, text.inputs, text.parts
        self.outcomes, self.aims = text.outcomes, text.aims
        self._say(None)

    def consult(self, comments: str, agrees: bool, *, on: date, by: Actor) -> None:
        """Record what the trainee says to this text; agreement is asked for but not required (M-07)."""
        self._advance("consult", by)
        said = Consultation(on=on, comments=comments, agrees=agrees, text_sha256=digest(self))
        self.consultations.append(said)
        self._say(said)

    def answer(self, text: str, *, on: date, by: Actor) -> None:
        """The host answers in writing what the trainee said last.

        Raises:
            Conflict: ``answered-already``.
        """
        self._advance("answer", by)
        if self.host_answer is not None:
            raise Conflict("answered-already", "The comments have been answered.", rule="M-07")
        for said in self.consultations[-1:]:
            said.answer, said.answered_on = text, on
        self.host_answer, self.answered_on = text, on

    def approve(self, *, on: date, by: Actor) -> None:
        """The host approves its own draft after the consultation on this very text.

        Raises:
            RuleViolated: ``plan-not-consulted`` while the trainee has not been heard, ``answer-missing`` while the
                trainee disagrees and the host has not answered (M-07).
        """
        if self.state is PlanState.DRAFT and by.has(*HOST):
            raise _not_consulted()
        if self.state is PlanState.TRAINEE_CONSULTED and by.has(*HOST):
            if self.consultations and self.consultations[-1].text_sha256 != digest(self):
                raise _not_consulted()
            if self.trainee_agrees is False and self.host_answer is None:
                raise RuleViolated(
                    "answer-missing", "The trainee disagrees; answer the comments in writing first.", rule="M-07"
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

    def _say(self, said: Consultation | None) -> None:
        self.consulted_on = None if said is None else said.on
        self.trainee_agrees = None if said is None else said.agrees
        self.trainee_comments = None if said is None else said.comments
        self.host_answer = self.answered_on = None


def _not_consulted() -> RuleViolated:
    return RuleViolated(
        "plan-not-consulted", "The trainee has to be consulted before the plan can enter force.", rule="M-07"
    )
