"""The counters of the quota tree in memory, with the same refusals as the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from selection.domain.programmes.programme import Session
from selection.domain.quota.counting import NodeCounter, SeatMove, counters_of, deltas, full
from selection.domain.quota.seat import Seat


class MemoryQuotas:
    """Implements ``selection.usecases.ports.Quotas`` on a dictionary."""

    def __init__(self) -> None:
        self.counters: dict[UUID, list[NodeCounter]] = {}

    async def lay_out(self, session: Session, seats: Sequence[Seat]) -> None:
        """See ``Quotas.lay_out``."""
        self.counters[session.id] = counters_of(session.tree, seats)

    async def hold(self, session: UUID) -> list[NodeCounter]:
        """See ``Quotas.hold``."""
        return self.counters[session]

    async def move(self, session: Session, moves: Sequence[SeatMove]) -> None:
        """See ``Quotas.move``."""
        net = deltas(session.tree, moves)
        after = []
        for counter in self.counters[session.id]:
            reserved, used = net.get(counter.code, (0, 0))
            after.append(replace(counter, reserved=counter.reserved + reserved, used=counter.used + used))
        short = [old for old, new in zip(self.counters[session.id], after, strict=True) if new.free < 0]
        if short:
            raise full(short)
        self.counters[session.id] = after
