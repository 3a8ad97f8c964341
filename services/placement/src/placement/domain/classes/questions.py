"""The question register: before or during the class, answered or followed up (K-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows


class ClassQuestionState(StrEnum):
    """Where a question stands (domain.md 1.4)."""

    RECEIVED = "received"
    ANSWERED = "answered"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"


class Phase(StrEnum):
    """When it was asked."""

    BEFORE = "before"
    DURING = "during"


class CountPrecision(StrEnum):
    """How sure a count is; summaries never make an approximate count look exact."""

    EXACT = "exact"
    ABOUT = "about"
    MORE_THAN = "more_than"


S = ClassQuestionState
_ORGANISER = frozenset({Role.MINISTRY_OFFICER, Role.REGIONAL_OFFICER})

CLASS_QUESTION = Lifecycle(
    "class question",
    initial=S.RECEIVED,
    transitions=[
        *arrows("answer", (S.RECEIVED, S.FOLLOW_UP), S.ANSWERED, _ORGANISER),
        Transition("follow-up", S.RECEIVED, S.FOLLOW_UP, _ORGANISER),
        *arrows("close", (S.ANSWERED, S.FOLLOW_UP), S.CLOSED, _ORGANISER),
    ],
)


@dataclass(kw_only=True)
class ClassQuestion(Aggregate):
    """An entry of the register. It may stand for several questions on one topic: ``count``, with its precision.

    ``seat_id`` is None for questions nobody is named for. ``due_on`` is the day until which it is answered or marked.
    """

    lifecycle: ClassVar[Lifecycle[ClassQuestionState]] = CLASS_QUESTION

    class_id: UUID
    number: int
    phase: Phase
    topic: str
    text: str
    count: int = 1
    precision: CountPrecision = CountPrecision.EXACT
    seat_id: UUID | None = None
    account: str | None = None
    unit: str | None = None
    due_on: date
    answer_text: str | None = None
    answered_on: date | None = None
    followed_up_on: date | None = None
    state: ClassQuestionState = ClassQuestionState.RECEIVED

    @property
    def facets(self) -> Facets:
        """What relations to the question are decided by."""
        return Facets(account=self.account, unit=self.unit)

    def decide(self, action: str, text: str | None, *, on: date, by: Actor) -> None:
        """Answer, mark for follow-up (it "will be carefully studied in future work") or close."""
        self._advance(action, by)
        if action == "answer":
            self.answer_text, self.answered_on = text, on
        elif action == "follow-up":
            self.followed_up_on = on
