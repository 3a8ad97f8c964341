"""Participation: the money of one person's way through a session, moved by facts of other services only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from funding.domain.budgets.allocation import Allocation
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.roles import BOOKS, FUNDING
from funding.domain.standing.story import Story
from shared.kernel.lifecycle import Aggregate, Lifecycle, arrows


class ParticipationState(StrEnum):
    """Where the money of a participation stands."""

    NOTED = "noted"
    """Something was heard, but not yet that the person is selected."""
    UNFUNDED = "unfunded"
    """Selected, but the session has no allocation or not enough in it."""
    RESERVED = "reserved"
    COMMITTED = "committed"
    RELEASED = "released"
    """It never began; nothing was paid and everything went back."""
    RECOVERING = "recovering"
    """Nothing more is paid; something must come back."""
    SETTLED = "settled"


P = ParticipationState
PARTICIPATION: Lifecycle[ParticipationState] = Lifecycle(
    "participation",
    initial=P.NOTED,
    transitions=[
        *arrows("lack", (P.NOTED, P.RELEASED), P.UNFUNDED, BOOKS),
        *arrows("reserve", (P.NOTED, P.UNFUNDED, P.RELEASED), P.RESERVED, BOOKS),
        *arrows("commit", (P.RESERVED, P.RECOVERING, P.SETTLED), P.COMMITTED, BOOKS),
        *arrows("release", (P.NOTED, P.UNFUNDED, P.RESERVED, P.COMMITTED), P.RELEASED, BOOKS),
        *arrows("recover", (P.COMMITTED, P.SETTLED), P.RECOVERING, BOOKS),
        *arrows("settle", (P.COMMITTED, P.RECOVERING), P.SETTLED, BOOKS),
    ],
)


@dataclass(kw_only=True)
class Participation(Aggregate):
    """The money of one participation; its id is the participation's. Amounts in fen.

    Attributes:
        programme, batch, session: codes, None until heard.
        account: opaque account of the person, for their own view.
        sending_unit: path of the sending unit.
        host: path or code of the host that is paid now.
        fund: the fund, None until an allocation was found.
        policy_version: funding policy that applies, that of the allocation.
        story: what was heard so far.
        reserved: held by category.
        lacking: what the allocation was short of when it was last asked; 0 when nothing is missing.
        commitment: id of the commitment, None before there is one.
        entitled: owed in all, as far as is known.
        paid: paid in all by the treasury.
        clawed_back: what came back of it.
        settled_on: day of the last settlement.
    """

    lifecycle: ClassVar[Lifecycle[ParticipationState]] = PARTICIPATION

    programme: str | None = None
    batch: str | None = None
    session: str | None = None
    account: str | None = None
    sending_unit: str | None = None
    host: str | None = None
    fund: UUID | None = None
    policy_version: str | None = None
    story: Story = field(default_factory=Story)
    reserved: dict[str, int] = field(default_factory=dict)
    lacking: int = 0
    commitment: UUID | None = None
    entitled: int = 0
    paid: int = 0
    clawed_back: int = 0
    settled_on: date | None = None
    state: ParticipationState = field(default=ParticipationState.NOTED)

    def charge_to(self, allocation: Allocation) -> None:
        """Pay from this allocation from now on."""
        self.fund, self.policy_version = allocation.fund, allocation.policy_version

    def lack(self, amount: int) -> None:
        """Remember that the allocation is ``amount`` fen short; nothing moves until it is filled."""
        self.lacking = amount
        if self.state in (P.NOTED, P.RELEASED):
            self._advance("lack", FUNDING)

    def reach(self, target: ParticipationState) -> list[ParticipationState]:
        """Move to ``target`` along the shortest way of the lifecycle; gives the states passed, the last included."""
        passed = []
        for action in way(self.state, target):
            self._advance(action, FUNDING)
            passed.append(self.state)
        return passed

    def ledger_account(self, kind: AccountKind, category: str) -> Account:
        """The person's account of a kind for a category."""
        if self.fund is None:
            raise LookupError("no allocation was found yet")
        return Account(self.fund, kind, str(self.id), category)


def way(source: ParticipationState, target: ParticipationState) -> list[str]:
    """The shortest list of actions that leads from ``source`` to ``target``.

    Raises:
        LookupError: when nothing leads there.
    """
    ways: dict[ParticipationState, list[str]] = {source: []}
    reached = [source]
    for state in reached:
        for arrow in PARTICIPATION.transitions:
            if arrow.source is state and arrow.target not in ways:
                ways[arrow.target] = [*ways[state], arrow.action]
                reached.append(arrow.target)
    if target not in ways:
        raise LookupError(f"nothing leads from {source} to {target}")
    return ways[target]
