"""An assignment of one candidate to one expert (S-05)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition


class AssignmentState(StrEnum):
    """An assignment stands until the expert stands aside or leaves the panel."""

    ASSIGNED = "assigned"
    RELEASED = "released"


ASSIGNMENT = Lifecycle(
    "assignment",
    initial=AssignmentState.ASSIGNED,
    transitions=[
        Transition(
            "release",
            AssignmentState.ASSIGNED,
            AssignmentState.RELEASED,
            frozenset({Role.PANEL_EXPERT, Role.REGIONAL_OFFICER}),
        ),
    ],
)


@dataclass(kw_only=True)
class Assignment(Aggregate):
    """One expert looks at one candidate.

    Attributes:
        cause: why released: ``conflict`` or ``replaced``.
    """

    lifecycle: ClassVar[Lifecycle[AssignmentState]] = ASSIGNMENT

    state: AssignmentState = field(default=AssignmentState.ASSIGNED)
    panel_id: UUID
    application_id: UUID
    expert: str
    cause: str | None = None

    @property
    def pair(self) -> tuple[UUID, str]:
        """Application and expert."""
        return self.application_id, self.expert

    def release(self, cause: str, by: Actor) -> None:
        """Take the candidate from the expert; the pair is never made again."""
        self._advance("release", by)
        self.cause = cause
