"""One person's invitation to pre-training, and whether the person was there (M-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows


class InvitationState(StrEnum):
    """Invited; then there, excused or absent, or released because nobody is trained or the person left."""

    INVITED = "invited"
    ATTENDED = "attended"
    EXCUSED = "excused"
    ABSENT = "absent"
    RELEASED = "released"


S = InvitationState

_REGION = frozenset({Role.REGIONAL_OFFICER})

INVITATION = Lifecycle(
    "pre-training invitation",
    initial=S.INVITED,
    transitions=[
        *arrows("attend", (S.INVITED, S.ABSENT), S.ATTENDED, _REGION),
        *arrows("excuse", (S.INVITED, S.ABSENT), S.EXCUSED, _REGION),
        Transition("miss", S.INVITED, S.ABSENT, _REGION),
        Transition("release", S.INVITED, S.RELEASED, frozenset({Role.SYSTEM})),
    ],
)


@dataclass(kw_only=True)
class Invitation(Aggregate):
    """An invitation. ``area`` is the person's area at the time; ``excuse`` a coded reason of the policy."""

    lifecycle: ClassVar[Lifecycle[InvitationState]] = INVITATION

    pre_training: UUID
    participation: UUID
    area: str
    state: InvitationState = InvitationState.INVITED
    excuse: str | None = None
    recorded_on: date | None = None

    def attend(self, *, on: date, by: Actor) -> None:
        """The person was there."""
        self._advance("attend", by)
        self.recorded_on, self.excuse = on, None

    def excuse_for(self, reason: str, *, on: date, by: Actor) -> None:
        """The person was not there, with an accepted reason."""
        self._advance("excuse", by)
        self.recorded_on, self.excuse = on, reason

    def miss(self, *, on: date, by: Actor) -> None:
        """The person was not there; a reason may be accepted later, or another event attended."""
        self._advance("miss", by)
        self.recorded_on = on

    def release(self, *, by: Actor) -> None:
        """The event does not take place, or the person does not leave."""
        self._advance("release", by)
