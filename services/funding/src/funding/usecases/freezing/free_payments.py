"""Pass over what is frozen when a whole session is put forward, signed or paid (F-07)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from funding.domain.freezing.freeze import FreezeKind, Thing
from funding.usecases.freezing.require_free import frozen_among, refusal
from funding.usecases.ports import FundingWork


class Payment(Protocol):
    """What is paid: an instalment or a claim."""

    @property
    def id(self) -> UUID:
        """Its id."""
        ...

    @property
    def participation(self) -> UUID | None:
        """Whose money, where it is one person's."""
        ...

    @property
    def payee(self) -> str:
        """Who gets it."""
        ...

    @property
    def session(self) -> str:
        """Code of the session."""
        ...


P = TypeVar("P", bound=Payment)


async def free_payments(work: FundingWork, chosen: Sequence[P], *, named: bool = False) -> list[P]:
    """Those that nothing holds up; a frozen person or payee is passed over unless named, a frozen session stops all.

    Raises:
        Conflict: ``frozen`` when the session is, when one of those ``named`` is, or when nothing is left.
    """
    pots = {session: await work.allocation_of(session) for session in sorted({each.session for each in chosen})}
    things = {
        each.id: {
            Thing(FreezeKind.PAYEE, each.payee),
            *([Thing(FreezeKind.PARTICIPATION, str(each.participation))] if each.participation else []),
        }
        for each in chosen
    }
    sessions = {Thing(FreezeKind.ALLOCATION, str(pot.id)) for pot in pots.values() if pot is not None}
    frozen = await frozen_among(work, {*sessions, *(thing for own in things.values() for thing in own)})
    free = [each for each in chosen if not things[each.id] & frozen]
    if frozen & sessions or (frozen and (named or not free)):
        raise refusal(frozen)
    return free
