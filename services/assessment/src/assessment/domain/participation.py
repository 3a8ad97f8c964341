"""What this service needs to know of one person's participation: ids, codes and dates, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows

ERASED = "erased"
"""Stands for the account of a person who was erased; no token names it."""
ITSELF = frozenset({Role.SYSTEM})


class ParticipationState(StrEnum):
    """Where a participation stands, as far as assessing is concerned."""

    SELECTED = "selected"
    PLACED = "placed"
    TERM_ENDED = "term_ended"
    LEFT = "left"


P = ParticipationState

PARTICIPATION = Lifecycle(
    "participation",
    initial=P.SELECTED,
    transitions=[
        *arrows("place", (P.SELECTED, P.PLACED), P.PLACED, ITSELF),
        Transition("await_host", P.PLACED, P.SELECTED, ITSELF),
        Transition("end_term", P.PLACED, P.TERM_ENDED, ITSELF),
        *arrows("leave", (P.SELECTED, P.PLACED), P.LEFT, ITSELF),
        Transition("rejoin", P.LEFT, P.SELECTED, ITSELF),
    ],
)


@dataclass(kw_only=True)
class Participation(Aggregate):
    """One person's way through one session; its id is the participation id.

    Attributes:
        account: opaque account of the person.
        unit: path of the sending unit.
        title_level: code of the professional title level at selection, for the waiver (C-03).
        policy_version: version of the rules that hold for this participation.
    """

    lifecycle: ClassVar[Lifecycle[Any]] = PARTICIPATION

    account: str
    programme: str
    batch: str
    session: str
    unit: str
    origin_area: str
    specialty: str
    title_level: str
    planned_start: date
    planned_end: date
    policy_version: str
    state: ParticipationState = ParticipationState.SELECTED

    @property
    def facets(self) -> Facets:
        """What decides who may see and do what."""
        return Facets(account=self.account, unit=self.unit)

    def place(self, by: Actor) -> None:
        """A host was confirmed."""
        self._advance("place", by)

    def await_host(self, by: Actor) -> None:
        """The placement fell through before it began; another host may follow."""
        self._advance("await_host", by)

    def end_term(self, by: Actor) -> None:
        """The training was completed for its full term."""
        self._advance("end_term", by)

    def leave(self, by: Actor) -> None:
        """The person left before the term was over."""
        self._advance("leave", by)

    def rejoin(self, by: Actor) -> None:
        """A person who had left was selected again."""
        self._advance("rejoin", by)

    def forget(self) -> None:
        """Let go of the account."""
        self.account = ERASED

    @property
    def has_left(self) -> bool:
        """True when nothing about this participation matters any more."""
        return self.state is ParticipationState.LEFT
