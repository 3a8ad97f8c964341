"""Alumni–host links: encouraged, never required; both sides agree and either ends it at any time (C-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Literal
from uuid import UUID

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Forbidden

Side = Literal["alumnus", "host"]


class LinkState(StrEnum):
    """Where a link stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"


L = LinkState
SIDES = frozenset({Role.APPLICANT, Role.HOST_OFFICER})

LINK = Lifecycle(
    "alumni link",
    initial=L.PROPOSED,
    transitions=[
        Transition("accept", L.PROPOSED, L.ACTIVE, SIDES),
        *arrows("end", (L.PROPOSED, L.ACTIVE), L.ENDED, SIDES),
        *arrows("lapse", (L.PROPOSED, L.ACTIVE), L.ENDED, frozenset({Role.SYSTEM})),
    ],
)


@dataclass(kw_only=True)
class AlumniLink(Aggregate):
    """A lasting contact of a former trainee with the host.

    Attributes:
        purpose: code of what it is for: ``joint-project``, ``remote-consultation``.
        proposed_by: the side that asked; the other one accepts.
        ended_by: the side that ended it, or None. No reason is asked.
    """

    lifecycle: ClassVar[Lifecycle[Any]] = LINK

    participation: UUID
    account: str
    programme: str
    session: str
    unit: str
    host: str
    purpose: str
    proposed_by: Side
    proposed_on: date
    accepted_on: date | None = None
    ended_on: date | None = None
    ended_by: Side | None = None
    state: LinkState = L.PROPOSED

    @property
    def facets(self) -> Facets:
        """What decides who may see and do what."""
        return Facets(account=self.account, unit=self.unit, host=self.host)

    def accept(self, *, by: Actor, on: date) -> None:
        """The other side agrees. Raises ``Forbidden`` (``own-proposal``) for the side that asked."""
        self._advance("accept", by)
        if side_of(by, self.account) == self.proposed_by:
            raise Forbidden("own-proposal", "The other side has to agree.", rule="C-05")
        self.accepted_on = on

    def end(self, *, by: Actor, on: date) -> None:
        """Either side ends it, without giving a reason; nothing follows from it."""
        self._advance("end", by)
        self.ended_on, self.ended_by = on, side_of(by, self.account)

    def lapse(self, *, by: Actor, on: date) -> None:
        """The person was erased; there is nobody left to stay in touch with."""
        self._advance("lapse", by)
        self.ended_on = on


def side_of(by: Actor, account: str) -> Side:
    """For which side ``by`` speaks: the trainee for themself, an officer for the host."""
    return "alumnus" if by.subject == account else "host"
