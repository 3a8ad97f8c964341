"""Matching runs: a proposal that anyone can repeat from its input; a person decides (M-01, M-03)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import Conflict


class RunState(StrEnum):
    """A run proposes; it is confirmed or discarded by a person."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


_MINISTRY = frozenset({Role.MINISTRY_OFFICER})

RUN = Lifecycle(
    "matching run",
    initial=RunState.PROPOSED,
    transitions=[
        Transition("confirm", RunState.PROPOSED, RunState.CONFIRMED, _MINISTRY),
        Transition("discard", RunState.PROPOSED, RunState.DISCARDED, _MINISTRY),
    ],
)


@dataclass(kw_only=True, slots=True)
class ProposedMatch:
    """One line of a proposal; ``choice`` is 1 for the trainee's first wish, None when the host was not wished for."""

    participation: UUID
    host: str
    offer: UUID
    fit: str
    choice: int | None


@dataclass(kw_only=True, slots=True)
class Unmatched:
    """A person the run found no place for, with the coded reason."""

    participation: UUID
    reason: str


@dataclass(kw_only=True)
class MatchingRun(Aggregate):
    """One run over the open cases of a session.

    ``method`` is ``stable`` or ``welfare``, or ``by_hand`` for a single proposal, which has no input to repeat.
    """

    lifecycle: ClassVar[Lifecycle[RunState]] = RUN

    session: str
    method: str
    policy_version: str
    input_sha256: str
    report: dict[str, Any]
    proposals: list[ProposedMatch]
    unmatched: list[Unmatched]
    made_by: str
    proposal_sha256: str | None = None
    decided_by: str | None = None
    state: RunState = RunState.PROPOSED

    def confirm(self, input_sha256: str, *, by: Actor) -> None:
        """A person adopts the proposal.

        Raises:
            Conflict: ``run-stale`` when cases or offers have changed since the run.
        """
        self._advance("confirm", by)
        if input_sha256 != self.input_sha256:
            raise Conflict("run-stale", "Cases or offers have changed since this run; start a new one.", rule="M-01")
        self.decided_by = by.subject

    def discard(self, *, by: Actor) -> None:
        """Nothing of it is used."""
        self._advance("discard", by)
        self.decided_by = by.subject


@dataclass(kw_only=True)
class RunInput:
    """What a run was made from, packed; ``id`` is that of the run. Codes and participations only, never a name."""

    id: UUID
    content: bytes
