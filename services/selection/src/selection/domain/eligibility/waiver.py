"""A waiver as a recorded act: which rule, for whom, by whom in which role, why, when, under which policy (S-09)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from selection.domain.eligibility.rules import Eligibility, Waived
from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import Malformed, RuleViolated


class WaiverState(StrEnum):
    """A waiver stands until it is withdrawn."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


WAIVER = Lifecycle(
    "waiver",
    initial=WaiverState.GRANTED,
    transitions=[
        Transition(
            "withdraw",
            WaiverState.GRANTED,
            WaiverState.WITHDRAWN,
            frozenset({Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER}),
        ),
    ],
)


@dataclass(kw_only=True)
class RecordedWaiver(Aggregate):
    """One rule waived for one application.

    Attributes:
        role: the role the policy asks of whoever waives this rule.
        attested: True when the rule looks at what a unit attests; then only the selecting authority sees the waiver.
    """

    lifecycle: ClassVar[Lifecycle[WaiverState]] = WAIVER

    state: WaiverState = field(default=WaiverState.GRANTED)
    application_id: UUID
    rule: str
    role: Role
    reason: str
    policy_version: str
    attested: bool
    given_by: str
    given_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str | None = None

    @property
    def counts_as(self) -> Waived:
        """The waiver as the rules see it."""
        return Waived(self.rule, self.role, self.reason)

    def withdraw(self, reason: str, by: Actor, at: datetime) -> None:
        """Take the waiver back.

        Raises:
            RuleViolated: ``not-waivable`` for whoever could not have given it.
        """
        if not by.has(self.role):
            raise RuleViolated(
                "not-waivable", "This rule is not open to a waiver by you here.", rule="S-09", waivable=[]
            )
        self._advance("withdraw", by)
        self.withdrawn_by, self.withdrawn_at, self.withdrawal_reason = by.subject, at, reason


def role_to_waive(eligibility: Eligibility, rule: str, reason: str, by: Actor) -> Role:
    """The role in which ``by`` may waive ``rule`` for this candidate.

    Raises:
        Malformed: ``reason-missing``.
        RuleViolated: ``not-waivable`` when the rule is not unmet, or nobody may waive it, or not this caller.
    """
    if not reason.strip():
        raise Malformed("reason-missing", "A waiver needs its reason.", rule="S-09")
    roles = {result.rule: result.waiver_role for result in eligibility.waivers_needed}
    role = roles.get(rule)
    if role is None or not by.has(role):
        waivable = sorted(code for code, needed in roles.items() if needed is not None and by.has(needed))
        raise RuleViolated(
            "not-waivable", "This rule is not open to a waiver by you here.", rule="S-09", waivable=waivable
        )
    return role
