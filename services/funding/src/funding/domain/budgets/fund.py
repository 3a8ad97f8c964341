"""Fund: earmarked money of a programme from one or several sources (F-01, P-09, F-08)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.facts import FundFrozen, FundThawed
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.ledger.entries import Entry, EntryKind, postings
from funding.domain.roles import APPROVER
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.money import yuan
from shared.kernel.refusals import Conflict, Forbidden, Malformed, RuleViolated


class FundState(StrEnum):
    """Whether money of the fund may move by decision of a person."""

    ACTIVE = "active"
    FROZEN = "frozen"


FUND: Lifecycle[FundState] = Lifecycle(
    "fund",
    initial=FundState.ACTIVE,
    transitions=[
        Transition("freeze", FundState.ACTIVE, FundState.FROZEN, APPROVER),
        Transition("thaw", FundState.FROZEN, FundState.ACTIVE, APPROVER),
    ],
)


@dataclass(frozen=True, slots=True)
class Source:
    """A financier of the fund: a code such as ``central`` and a name."""

    code: str
    name: str


@dataclass(kw_only=True)
class Fund(Aggregate):
    """A fund; what it may be used for is fixed when it is opened.

    Attributes:
        code: unique short name.
        name: official name.
        programme: the programme it is earmarked for.
        policy_version: version of the funding policy it was opened under.
        sources: financiers.
        purposes: expense categories; nothing else is ever posted (F-05).
        opened_by: account of the person who opened it.
        autonomy: kinds of approval in which the fund takes the shortened chain of its policy (F-08).
        starts_on, ends_on: the days between which money is given, budgeted and allocated; None for no limit.
    """

    lifecycle: ClassVar[Lifecycle[FundState]] = FUND

    code: str
    name: str
    programme: str
    policy_version: str
    sources: list[Source]
    purposes: list[str]
    opened_by: str
    autonomy: list[ApprovalKind] = field(default_factory=list)
    starts_on: date | None = None
    ends_on: date | None = None
    state: FundState = field(default=FundState.ACTIVE)

    def freeze(self, by: Actor) -> FundFrozen:
        """Stop every decision on this money; facts of others are still booked (F-07)."""
        self._advance("freeze", by)
        return FundFrozen(self.id)

    def thaw(self, by: Actor) -> FundThawed:
        """Let decisions on this money go on."""
        self._advance("thaw", by)
        return FundThawed(self.id)

    def require_active(self) -> None:
        """Raises ``Conflict``: ``fund-frozen``."""
        if self.state is FundState.FROZEN:
            raise Conflict(
                "fund-frozen", "The fund is frozen; its money does not move until it is thawed.", rule="F-07"
            )

    def require_open(self, on: date) -> None:
        """Raises ``Conflict``: ``fund-frozen``, or ``outside-fund-period`` before or after the fund's days (P-09)."""
        self.require_active()
        if (self.starts_on is not None and on < self.starts_on) or (self.ends_on is not None and on > self.ends_on):
            raise Conflict(
                "outside-fund-period",
                "The fund's period does not hold this day; what is promised is still paid.",
                rule="P-09",
                starts_on=self.starts_on and self.starts_on.isoformat(),
                ends_on=self.ends_on and self.ends_on.isoformat(),
            )

    def require_source(self, code: str, pointer: str) -> None:
        """Raises ``Malformed``: ``unknown-source``."""
        if code not in {source.code for source in self.sources}:
            raise Malformed("unknown-source", "The fund has no such source.", pointer=pointer, source=code)

    def grant(self, source: str, amount: int, reference: str, *, id: UUID, on: date, by: Actor) -> Entry:
        """Money comes in from a source, by a document whose number (``reference``) is used once per fund.

        Raises:
            Conflict: ``fund-frozen``.
            Malformed: ``unknown-source``, ``not-positive``.
        """
        self.require_active()
        self.require_source(source, "/source")
        require_positive(amount, "/amount/amount")
        return Entry(
            id=id,
            fund=self.id,
            kind=EntryKind.GRANTED,
            source_key=f"grant:{self.id}:{reference}",
            booked_on=on,
            postings=postings(
                (Account(self.id, AccountKind.SOURCE, source, None), -amount),
                (Account(self.id, AccountKind.GRANTED, source, None), amount),
            ),
            posted_by=by.subject,
            memo=reference,
        )

    def undo_grant(self, entry: Entry, *, id: UUID, on: date, by: Actor, reason: str) -> Entry:
        """Reverse a grant that was recorded wrongly, by another person, while the money is still unbudgeted.

        Raises:
            RuleViolated: ``not-reversible`` for an entry that is not a grant.
            Forbidden: ``same-person``.
        """
        self.require_active()
        if entry.kind is not EntryKind.GRANTED:
            raise RuleViolated("not-reversible", "Only grants are reversed by hand; all else follows from the facts.")
        if entry.posted_by == by.subject:
            raise Forbidden("same-person", "Who recorded the grant does not reverse it.", rule="F-01")
        return entry.reversal(id=id, source_key=f"reverse:{entry.id}", booked_on=on, posted_by=by.subject, memo=reason)


def require_positive(amount: int, pointer: str) -> None:
    """Raises ``Malformed``: ``not-positive`` when there is nothing to move."""
    if amount <= 0:
        raise Malformed("not-positive", "The amount must be above zero.", pointer=pointer, amount=yuan(amount))
