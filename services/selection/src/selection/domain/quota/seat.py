"""A seat: one place of a session, reserved for a while or used for good, at the node where it counts (P-02, W-01)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition


class SeatState(StrEnum):
    """A seat counts while reserved or used; the other states keep the trace."""

    RESERVED = "reserved"
    USED = "used"
    RELEASED = "released"
    EXPIRED = "expired"
    VACATED = "vacated"


_S = SeatState
_SYSTEM = frozenset({Role.SYSTEM})
LIVE = (_S.RESERVED, _S.USED)
"""States in which a seat counts at its node and at every node above."""

SEAT = Lifecycle(
    "seat",
    initial=_S.RESERVED,
    transitions=[
        Transition("use", _S.RESERVED, _S.USED, _SYSTEM),
        Transition("release", _S.RESERVED, _S.RELEASED, frozenset({Role.REGIONAL_OFFICER, Role.SYSTEM})),
        Transition("expire", _S.RESERVED, _S.EXPIRED, _SYSTEM),
        Transition("vacate", _S.USED, _S.VACATED, _SYSTEM),
    ],
)


@dataclass(kw_only=True)
class Seat(Aggregate):
    """One place.

    Attributes:
        node: code of the deepest quota node that holds it; ``session`` for the root.
        traits: dimension → value of the person it is for; empty when it is held for nobody yet.
        participation: the application it is for, or None.
        unit: path of the unit it is held for, or None.
        expires_at: when a reservation ends by itself; None never.
    """

    lifecycle: ClassVar[Lifecycle[SeatState]] = SEAT

    state: SeatState = field(default=SeatState.RESERVED)
    session_id: UUID
    node: str
    traits: dict[str, str]
    participation: UUID | None
    unit: str | None
    expires_at: datetime | None
    reason: str
    made_by: str

    @property
    def live(self) -> bool:
        """True while it counts."""
        return self.state in LIVE

    def rehome(self, node: str, traits: dict[str, str], expires_at: datetime | None) -> None:
        """Count at another node, because the person's statement or the tree changed."""
        self.node, self.traits, self.expires_at = node, traits, expires_at

    def use(self, participation: UUID, node: str, traits: dict[str, str], by: Actor) -> None:
        """Be taken by a person on a fixed roster, at the node that holds this person."""
        self._advance("use", by)
        self.participation, self.node, self.traits, self.expires_at = participation, node, traits, None

    def release(self, by: Actor) -> None:
        """Give a reservation back."""
        self._advance("release", by)

    def expire(self, by: Actor) -> None:
        """End a reservation whose time has passed."""
        self._advance("expire", by)

    def vacate(self, by: Actor) -> None:
        """Leave a place that was used."""
        self._advance("vacate", by)
