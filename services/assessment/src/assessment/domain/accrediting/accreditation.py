"""The accreditation of one person: applied for, reviewed by one, assigned a tier by another (T-02)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from assessment.domain.accrediting.facts import AccreditationRevoked, Accredited
from assessment.domain.accrediting.rule import AccreditationRule, Tier
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Forbidden, RuleViolated


class AccreditationState(StrEnum):
    """Where an accreditation stands."""

    APPLIED = "applied"
    REVIEWED = "reviewed"
    TIER_ASSIGNED = "tier_assigned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


S = AccreditationState
REVIEWERS = frozenset({Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER})
BODY = frozenset({Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER})

ACCREDITATION = Lifecycle(
    "accreditation",
    initial=S.APPLIED,
    transitions=[
        Transition("review", S.APPLIED, S.REVIEWED, REVIEWERS),
        Transition("return", S.REVIEWED, S.APPLIED, BODY),
        Transition("assign", S.REVIEWED, S.TIER_ASSIGNED, BODY),
        *arrows("refuse", (S.APPLIED, S.REVIEWED), S.REFUSED, BODY),
        *arrows("withdraw", (S.APPLIED, S.REVIEWED), S.WITHDRAWN, frozenset({Role.APPLICANT, Role.SYSTEM})),
        Transition("revoke", S.TIER_ASSIGNED, S.REVOKED, BODY),
        Transition("supersede", S.TIER_ASSIGNED, S.SUPERSEDED, BODY),
    ],
)
OPEN = frozenset({S.APPLIED, S.REVIEWED})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document that supports the application: its kind, a reference and the SHA-256 of its content, hex."""

    kind: str
    reference: str
    sha256: str


@dataclass(kw_only=True)
class Accreditation(Aggregate):
    """One application for a tier and what became of it; an account has one open application per programme.

    Attributes:
        participation: the thread of events: the selection's participation, or the accreditation's own id.
        asked_tier: what the person asked for; ``proposed_tier`` what the reviewer found; ``tier`` what was assigned.
        supersedes: the accreditation that this one takes the place of once its tier is assigned.
    """

    lifecycle: ClassVar[Lifecycle[Any]] = ACCREDITATION

    participation: UUID
    account: str
    programme: str
    policy_version: str
    unit: str
    asked_tier: str | None
    evidence: list[Evidence] = field(default_factory=list)
    applied_on: date
    proposed_tier: str | None = None
    reviewed_by: str | None = None
    reviewed_on: date | None = None
    tier: str | None = None
    decided_by: str | None = None
    decided_on: date | None = None
    reason: str | None = None
    supersedes: UUID | None = None
    state: AccreditationState = S.APPLIED

    @property
    def facets(self) -> Facets:
        """What decides who may see and do what."""
        return Facets(account=self.account, unit=self.unit)

    def review(self, tier: str, rule: AccreditationRule, *, by: Actor, on: date) -> None:
        """Find which tier the evidence supports.

        Raises:
            RuleViolated: ``unknown-tier``.
            Forbidden: ``own-case``.
        """
        require_tier(rule, tier)
        self._not_own(by)
        self._advance("review", by)
        self.proposed_tier, self.reviewed_by, self.reviewed_on = tier, by.subject, on

    def send_back(self, reason: str, rule: AccreditationRule, *, by: Actor) -> None:
        """Have it reviewed again. Raises ``RuleViolated`` ``unknown-reason``, ``Forbidden`` ``wrong-authority``."""
        require_body(rule, by)
        require_reason(reason, rule.refusal_reasons)
        self._advance("return", by)
        self.reason = reason
        self.proposed_tier = self.reviewed_by = self.reviewed_on = None

    def assign(self, tier: str, rule: AccreditationRule, *, by: Actor, on: date) -> Accredited:
        """Assign the tier; never by who reviewed (four eyes).

        Raises:
            RuleViolated: ``unknown-tier``.
            Forbidden: ``wrong-authority``, ``four-eyes``, ``own-case``.
        """
        require_body(rule, by)
        require_tier(rule, tier)
        self._not_own(by)
        if by.subject == self.reviewed_by:
            raise Forbidden("four-eyes", "You reviewed it; another person must assign the tier.", rule="T-02")
        self._advance("assign", by)
        self.tier, self.decided_by, self.decided_on, self.reason = tier, by.subject, on, None
        return Accredited(self.participation, self.id, self.programme, tier, on)

    def refuse(self, reason: str, rule: AccreditationRule, *, by: Actor, on: date) -> None:
        """Refuse it for a coded reason. Raises ``RuleViolated`` ``unknown-reason``, ``Forbidden``."""
        require_body(rule, by)
        require_reason(reason, rule.refusal_reasons)
        self._not_own(by)
        self._advance("refuse", by)
        self.reason, self.decided_by, self.decided_on = reason, by.subject, on

    def withdraw(self, by: Actor) -> None:
        """The person no longer wants it."""
        self._advance("withdraw", by)

    def revoke(self, reason: str, rule: AccreditationRule, *, by: Actor, on: date) -> AccreditationRevoked:
        """Take the tier back; its card ends with it. Raises ``RuleViolated`` ``unknown-reason``, ``Forbidden``."""
        require_body(rule, by)
        require_reason(reason, rule.revocation_reasons)
        self._not_own(by)
        self._advance("revoke", by)
        self.reason, self.decided_by, self.decided_on = reason, by.subject, on
        return AccreditationRevoked(self.participation, self.id, reason, on)

    def supersede(self, *, by: Actor, on: date) -> None:
        """Give way to a newer accreditation of the same person."""
        self._advance("supersede", by)
        self.decided_on = on

    def forget(self, erased: str, by: Actor) -> None:
        """Let go of the account and of what the evidence refers to; what was decided stays, what was not ends."""
        if self.state in OPEN:
            self._advance("withdraw", by)
        self.account = f"{erased}:{self.id}"
        self.evidence = [Evidence(one.kind, erased, one.sha256) for one in self.evidence]

    def _not_own(self, by: Actor) -> None:
        if by.subject == self.account:
            raise Forbidden("own-case", "Nobody decides about their own accreditation.", rule="T-02")


def require_body(rule: AccreditationRule, by: Actor) -> None:
    """Raises ``Forbidden`` (``wrong-authority``) unless ``by`` acts for the accreditation body."""
    if by.organisation != rule.body:
        raise Forbidden("wrong-authority", "Only the accreditation body may do this.", rule="T-02")


def require_reason(reason: str, known: frozenset[str]) -> None:
    """Raises ``RuleViolated`` (``unknown-reason``) for a reason that the rule does not list."""
    if reason not in known:
        raise RuleViolated("unknown-reason", "Choose a reason that the policy lists.", known=sorted(known))


def require_tier(rule: AccreditationRule, tier: str) -> Tier:
    """The tier of the rule. Raises ``RuleViolated``: ``unknown-tier``."""
    found = rule.tier(tier)
    if found is None:
        raise RuleViolated("unknown-tier", "The policy has no such tier.", rule="T-02",
                           known=[one.code for one in rule.tiers])  # fmt: skip
    return found
