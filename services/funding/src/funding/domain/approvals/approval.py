"""Approval: what is asked of whom, and who signed it (F-01, F-03)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from funding.domain.approvals.chain import Step, extended, persons_in, turn_of
from funding.domain.approvals.delegation import Delegation
from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.approvals.matrix import Matrix
from funding.domain.roles import APPROVER, BOOKS, FUNDING
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Forbidden


class ApprovalState(StrEnum):
    """Whether what was asked is granted."""

    PENDING = "pending"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    """It was returned, changed or not paid; it no longer counts and is asked anew."""


A = ApprovalState
COUNTED = (A.PENDING, A.APPROVED)
"""What adds to the rolling sum: also what nobody has signed yet, or two halves would not see one another."""
APPROVAL: Lifecycle[ApprovalState] = Lifecycle(
    "approval",
    initial=A.PENDING,
    transitions=[
        Transition("sign", A.PENDING, A.PENDING, APPROVER),
        Transition("complete", A.PENDING, A.APPROVED, BOOKS),
        *arrows("withdraw", COUNTED, A.WITHDRAWN, BOOKS),
    ],
)


@dataclass(kw_only=True)
class Approval(Aggregate):
    """One request for approval. Amounts in fen.

    Attributes:
        kind: what kind of decision.
        subject: id of the thing that is decided on.
        fund: the fund.
        programme, policy_version: whose matrix decides.
        payee: who gets the money: a session for budgets and re-allocations, else an organisation or account.
        parts: fen by purpose (expense category).
        handlers: accounts of those who prepared or checked it; none of them signs (F-01).
        asked_on: the day it was asked.
        rolling_amount: what decided the chain: everything asked in the window for the payee and its purposes (F-03).
        chain: the signatures asked for, in order.
        awaits: the organisation whose turn it is; None when nobody's.
        ex_post: True when autonomy shortened the chain and the lot fell on this one to be looked at afterwards (F-08).
    """

    lifecycle: ClassVar[Lifecycle[ApprovalState]] = APPROVAL

    kind: ApprovalKind
    subject: UUID
    fund: UUID
    programme: str
    policy_version: str
    payee: str
    parts: dict[str, int]
    handlers: list[str]
    asked_on: date
    rolling_amount: int = 0
    chain: list[Step] = field(default_factory=list)
    awaits: str | None = None
    ex_post: bool = False
    state: ApprovalState = field(default=ApprovalState.PENDING)

    @property
    def amount(self) -> int:
        """Fen of all parts."""
        return sum(self.parts.values())

    @property
    def is_complete(self) -> bool:
        """True when everybody has signed."""
        return self.state is A.APPROVED

    @property
    def signers(self) -> list[str]:
        """Everybody who stands behind a signature; none of them pays (F-01)."""
        return persons_in(self.chain)

    def route(self, matrix: Matrix, rolling: int, *, autonomous: bool) -> bool:
        """Ask the authorities that the rolling sum asks for; gives True when that changed something.

        A pending approval is only ever raised: a later addition brings authorities in, what falls away takes none out.
        """
        before = (self.rolling_amount, self.chain)
        self.rolling_amount = max(self.rolling_amount, rolling)
        authorities = matrix.chain_for(self.kind, self.rolling_amount)
        spared = matrix.autonomy
        self.ex_post = False
        if autonomous and spared is not None and spared.spares(self.kind, self.rolling_amount):
            self.ex_post = len(authorities) > spared.signatures and spared.draws(self.subject)
            authorities = authorities[: spared.signatures]
        self.chain = extended(self.chain, authorities)
        self._look_for_turn()
        return before != (self.rolling_amount, self.chain)

    def sign(self, *, by: Actor, at: datetime, today: date, delegations: Iterable[Delegation] = ()) -> None:
        """Sign the next step, in one's own right or for another; the last signature approves.

        Raises:
            Conflict: ``wrong-state``.
            Forbidden: ``same-person`` for who prepared it or stands in the chain already, also through a delegation;
                ``not-your-step`` for whose turn it is not.
        """
        self._advance("sign", by)
        taken = {*self.handlers, *self.signers}
        if by.subject in taken:
            raise _same_person()
        turn = turn_of(self.chain)
        if turn is None:
            raise LookupError("a pending approval has an open step")
        step = self.chain[turn]
        own = step.organisation == by.organisation
        given = None if own else self._delegated(step, delegations, by, today, taken)
        self.chain[turn] = replace(
            step,
            approved_by=by.subject,
            approved_at=at,
            on_behalf_of=given.delegator if given else None,
            delegation=given.id if given else None,
        )
        self.chain = list(self.chain)
        if turn + 1 == len(self.chain):
            self._advance("complete", FUNDING)
        self._look_for_turn()

    def awaits_any(self, by: Actor, delegations: Iterable[Delegation], today: date) -> bool:
        """True when it is the turn of ``by``, whether or not they are barred from it."""
        turn = turn_of(self.chain)
        if self.state is not A.PENDING or turn is None:
            return False
        step = self.chain[turn]
        return step.organisation == by.organisation or any(
            each.covers(self.kind, self.rolling_amount, step.organisation, by=by, today=today) for each in delegations
        )

    def withdraw(self) -> None:
        """It is void: returned, changed, or not paid."""
        self._advance("withdraw", FUNDING)
        self.awaits = None

    def _delegated(
        self, step: Step, delegations: Iterable[Delegation], by: Actor, today: date, taken: set[str]
    ) -> Delegation:
        rights = [
            each
            for each in delegations
            if each.covers(self.kind, self.rolling_amount, step.organisation, by=by, today=today)
        ]
        if not rights:
            raise Forbidden(
                "not-your-step",
                "It is the turn of another authority.",
                rule="F-03",
                authority=step.authority,
                organisation=step.organisation,
            )
        free = [each for each in rights if each.delegator not in taken]
        if not free:
            raise _same_person()
        return min(free, key=lambda each: each.id)

    def _look_for_turn(self) -> None:
        turn = turn_of(self.chain) if self.state is A.PENDING else None
        self.awaits = None if turn is None else self.chain[turn].organisation


def _same_person() -> Forbidden:
    return Forbidden("same-person", "Who prepared or signed this already does not sign it.", rule="F-01")
