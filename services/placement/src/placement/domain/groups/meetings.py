"""Meetings of a group: its leader says when and where; nothing is said of what is spoken (D-01, domain.md 7.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition


class MeetingState(StrEnum):
    """Called, or called off."""

    CALLED = "called"
    CALLED_OFF = "called_off"


MEETING = Lifecycle(
    "group meeting",
    initial=MeetingState.CALLED,
    transitions=[
        Transition("call-off", MeetingState.CALLED, MeetingState.CALLED_OFF, frozenset({Role.GROUP_LEADER})),
    ],
)


@dataclass(kw_only=True)
class Meeting(Aggregate):
    """A meeting of a group."""

    lifecycle: ClassVar[Lifecycle[MeetingState]] = MEETING

    group: UUID
    starts_at: datetime
    place: str
    called_by: str
    state: MeetingState = MeetingState.CALLED

    def call_off(self, *, by: Actor) -> None:
        """It does not take place."""
        self._advance("call-off", by)
