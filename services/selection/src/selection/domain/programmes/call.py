"""The call: who may apply, when, by which steps, under which eligibility profile (S-02, S-08)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from selection.domain.codes import Step
from shared.kernel.actor import Actor, Role, lies_within
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import Conflict, RuleViolated


class CallState(StrEnum):
    """A call is open to applications while published and inside its window."""

    PUBLISHED = "published"
    CLOSED = "closed"


CALL = Lifecycle(
    "call",
    initial=CallState.PUBLISHED,
    transitions=[
        Transition("close", CallState.PUBLISHED, CallState.CLOSED, frozenset({Role.REGIONAL_OFFICER})),
    ],
)


@dataclass(kw_only=True)
class Call(Aggregate):
    """One call of one session.

    Attributes:
        opens_at, closes_at: window, closing moment excluded.
        scope: organisation path; only units below it may send people.
        required_steps: steps every application of this call must pass.
    """

    lifecycle: ClassVar[Lifecycle[CallState]] = CALL

    state: CallState = field(default=CallState.PUBLISHED)
    session_id: UUID
    programme: str
    batch: str
    session: str
    opens_at: datetime
    closes_at: datetime
    scope: str
    required_steps: list[Step]
    profile: str
    policy_version: str

    def accepts(self, at: datetime) -> None:
        """Refuse applications outside the window. Raises ``Conflict`` ``call-not-open`` (S-02)."""
        if self.state is not CallState.PUBLISHED or not self.opens_at <= at < self.closes_at:
            raise Conflict(
                "call-not-open",
                "The call takes no applications at this time.",
                rule="S-02",
                opens_at=self.opens_at.isoformat(),
                closes_at=self.closes_at.isoformat(),
            )

    def covers(self, unit: str) -> None:
        """Refuse units outside the scope. Raises ``RuleViolated`` ``unit-outside-scope`` (S-02)."""
        if not lies_within(unit, self.scope):
            raise RuleViolated("unit-outside-scope", "The unit lies outside the scope of the call.", rule="S-02")

    def requires(self, step: Step) -> bool:
        """True when applications of this call must pass ``step``."""
        return step in self.required_steps

    def close(self, by: Actor) -> None:
        """Take no further applications."""
        self._advance("close", by)


def in_order(steps: Iterable[Step]) -> list[Step]:
    """The steps without repetition, in the order in which they are passed."""
    wanted = set(steps)
    return [step for step in Step if step in wanted]
