"""Delegation (授权): an approver lets a named person sign for them, for a time, for some kinds, up to an amount (F-03)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.roles import APPROVER
from shared.kernel.actor import Actor, lies_within
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import Finding, Forbidden, RuleViolated

LONGEST_DAYS: Final = 366
"""A delegation is for a time; whoever needs longer gives it again."""


class DelegationState(StrEnum):
    """Whether it was taken back; that its days are over shows in its dates."""

    GIVEN = "given"
    REVOKED = "revoked"


DELEGATION: Lifecycle[DelegationState] = Lifecycle(
    "delegation",
    initial=DelegationState.GIVEN,
    transitions=[Transition("revoke", DelegationState.GIVEN, DelegationState.REVOKED, APPROVER)],
)


@dataclass(kw_only=True)
class Delegation(Aggregate):
    """The authority of one approver in the hands of another person.

    What is delegated is the approver's own authority, that of their own organisation; so nobody can pass on what
    was delegated to them.

    Attributes:
        delegator: account of the approver.
        organisation: the approver's organisation, whose step may be signed.
        delegate: account of the person who signs instead.
        delegate_organisation: their organisation: the same or one below.
        kinds: what they may sign.
        up_to: fen of the rolling sum up to which they may; None for no limit.
        valid_from: first day.
        valid_to: last day.
        revoked_on: the day it was taken back, or None.
    """

    lifecycle: ClassVar[Lifecycle[DelegationState]] = DELEGATION

    delegator: str
    organisation: str
    delegate: str
    delegate_organisation: str
    kinds: list[ApprovalKind]
    up_to: int | None
    valid_from: date
    valid_to: date
    revoked_on: date | None = None
    state: DelegationState = field(default=DelegationState.GIVEN)

    def require_sound(self, today: date) -> None:
        """Raises ``RuleViolated``: ``delegation-wrong`` with a finding for everything that is amiss."""
        findings = []
        if self.delegate == self.delegator:
            findings.append(Finding("same-person", "Delegate to another person.", "/delegate", "F-01"))
        if not lies_within(self.delegate_organisation, self.organisation):
            detail = "The delegate belongs to your organisation or one below it."
            findings.append(Finding("foreign-delegate", detail, "/delegate_organisation", "F-03"))
        if self.valid_to < self.valid_from or self.valid_to < today:
            findings.append(Finding("impossible-date", "The last day is not before the first or today.", "/valid_to"))
        elif (self.valid_to - self.valid_from).days >= LONGEST_DAYS:
            findings.append(Finding("too-long", f"At most {LONGEST_DAYS} days at a time.", "/valid_to", "F-03"))
        if self.up_to is not None and self.up_to <= 0:
            findings.append(Finding("not-positive", "The amount must be above zero.", "/up_to"))
        if findings:
            raise RuleViolated("delegation-wrong", "The delegation does not hold.", findings=findings)

    def covers(self, kind: ApprovalKind, rolling: int, organisation: str, *, by: Actor, today: date) -> bool:
        """True when ``by`` may sign the step of ``organisation`` today, for a rolling sum in fen."""
        return (
            self.state is DelegationState.GIVEN
            and (self.delegate, self.delegate_organisation) == (by.subject, by.organisation)
            and self.organisation == organisation
            and kind in self.kinds
            and self.valid_from <= today <= self.valid_to
            and (self.up_to is None or rolling <= self.up_to)
        )

    def revoke(self, *, by: Actor, today: date) -> None:
        """Take it back; what was signed under it stands. Raises ``Forbidden``: ``not-yours``."""
        self._advance("revoke", by)
        if by.organisation != self.organisation:
            raise Forbidden("not-yours", "Only the organisation that delegated takes it back.", rule="F-03")
        self.revoked_on = today
