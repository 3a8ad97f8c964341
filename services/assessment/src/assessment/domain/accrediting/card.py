"""The talent card: what a tier entitles to, how often, until when (T-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from assessment.domain.accrediting.accreditation import Accreditation, require_body, require_reason
from assessment.domain.accrediting.facts import CardChanged
from assessment.domain.accrediting.rule import AccreditationRule, CardService, Tier
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict, Forbidden, RuleViolated


class CardState(StrEnum):
    """Where a card stands; only an active one is served."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"


S = CardState
KEEPERS = frozenset({Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER})
_ITSELF = frozenset({Role.SYSTEM})
HOLDER_ERASED = "holder-erased"

CARD = Lifecycle(
    "talent card",
    initial=S.ACTIVE,
    transitions=[
        Transition("suspend", S.ACTIVE, S.SUSPENDED, KEEPERS),
        Transition("reinstate", S.SUSPENDED, S.ACTIVE, KEEPERS),
        *arrows("renew", (S.ACTIVE, S.EXPIRED), S.ACTIVE, KEEPERS),
        *arrows("expire", (S.ACTIVE, S.SUSPENDED), S.EXPIRED, _ITSELF),
        *arrows("revoke", (S.ACTIVE, S.SUSPENDED, S.EXPIRED), S.REVOKED, KEEPERS | _ITSELF),
    ],
)


@dataclass(kw_only=True)
class TalentCard(Aggregate):
    """One card; an account holds at most one that is not revoked per programme.

    Attributes:
        number: given when issued, never again; no personal data in it.
        renewals: how often it was renewed.
    """

    lifecycle: ClassVar[Lifecycle[Any]] = CARD

    participation: UUID
    accreditation: UUID
    account: str
    unit: str
    programme: str
    policy_version: str
    tier: str
    number: str
    valid_from: date
    valid_until: date
    renewals: int = 0
    renewed_on: date | None = None
    reason: str | None = None
    state: CardState = S.ACTIVE

    @property
    def facets(self) -> Facets:
        """What decides who may see and do what."""
        return Facets(account=self.account, unit=self.unit)

    def suspend(self, reason: str, rule: AccreditationRule, *, by: Actor, on: date) -> CardChanged:
        """Let it not be served for now. Raises ``RuleViolated`` ``unknown-reason``, ``Forbidden``."""
        self._keeper(rule, by)
        require_reason(reason, rule.revocation_reasons)
        self._advance("suspend", by)
        self.reason = reason
        return self._changed("suspended", on)

    def reinstate(self, rule: AccreditationRule, *, by: Actor, on: date) -> CardChanged:
        """Let it be served again."""
        self._keeper(rule, by)
        self._advance("reinstate", by)
        self.reason = None
        return self._changed("reinstated", on)

    def renew(self, rule: AccreditationRule, *, by: Actor, on: date) -> CardChanged:
        """Extend it by the years of its tier, from its old end while that lies ahead, else from today.

        Raises:
            RuleViolated: ``renewal-too-early``, ``renewal-too-late`` with the day.
        """
        self._keeper(rule, by)
        first = self.valid_until - timedelta(days=rule.renew_from_days)
        last = self.valid_until + timedelta(days=rule.grace_days)
        if on < first:
            raise RuleViolated("renewal-too-early", "The card cannot be renewed yet.", rule="T-03", first=str(first))
        if on > last:
            raise RuleViolated(
                "renewal-too-late", "The time to renew is over; apply anew.", rule="T-03", last=str(last)
            )
        self._advance("renew", by)
        tier = rule.tier(self.tier)
        assert tier is not None
        self.valid_until = until(max(on, self.valid_until), tier)
        self.renewals, self.renewed_on = self.renewals + 1, on
        return self._changed("renewed", on)

    def expire(self, *, by: Actor, on: date) -> CardChanged:
        """Its last day is over."""
        self._advance("expire", by)
        return self._changed("expired", on)

    def revoke(self, reason: str, *, by: Actor, on: date) -> CardChanged:
        """End it for good, with its accreditation or because another took its place."""
        if by.subject == self.account:
            raise Forbidden("own-case", "Nobody decides about their own card.", rule="T-03")
        self._advance("revoke", by)
        self.reason = reason
        return self._changed("revoked", on)

    def forget(self, erased: str, *, by: Actor, on: date) -> CardChanged | None:
        """Let go of the account; nobody is served any more. None when the card had ended before."""
        self.account = f"{erased}:{self.id}"
        if self.state is S.REVOKED:
            return None
        self._advance("revoke", by)
        self.reason = HOLDER_ERASED
        return self._changed("revoked", on)

    def serve(self, service: str, rule: AccreditationRule, *, by: Actor, on: date) -> tuple[CardService, int | None]:
        """Whether the card may be served, and how often a year.

        Raises:
            Conflict: ``card-not-active``.
            RuleViolated: ``unknown-service``, ``not-entitled``.
            Forbidden: ``wrong-provider``, ``own-case``.
        """
        if by.subject == self.account:
            raise Forbidden("own-case", "Nobody records a use of their own card.", rule="T-03")
        if self.state is not S.ACTIVE or not self.valid_from <= on <= self.valid_until:
            raise Conflict("card-not-active", "The card does not count now.", state=str(self.state))
        found = rule.service(service)
        if found is None:
            raise RuleViolated("unknown-service", "The catalogue has no such service.", rule="T-03")
        if found.provider is not None and found.provider != by.organisation:
            raise Forbidden("wrong-provider", "Another organisation provides this service.", rule="T-03")
        entitled = found.of(self.tier)
        if entitled is None:
            raise RuleViolated("not-entitled", "The tier of this card does not include the service.", rule="T-03",
                               tier=self.tier)  # fmt: skip
        return found, entitled.yearly

    def _keeper(self, rule: AccreditationRule, by: Actor) -> None:
        require_body(rule, by)
        if by.subject == self.account:
            raise Forbidden("own-case", "Nobody decides about their own card.", rule="T-03")

    def _changed(self, change: str, on: date) -> CardChanged:
        return CardChanged(self.participation, self.id, change, self.tier, self.valid_until, on)


def issue_card(
    id: UUID, number: str, accreditation: Accreditation, tier: Tier, on: date
) -> tuple[TalentCard, CardChanged]:
    """The card that an assigned tier comes with."""
    card = TalentCard(
        id=id, participation=accreditation.participation, accreditation=accreditation.id, account=accreditation.account,
        unit=accreditation.unit, programme=accreditation.programme, policy_version=accreditation.policy_version,
        tier=tier.code, number=number, valid_from=on, valid_until=until(on, tier),
    )  # fmt: skip
    return card, CardChanged(card.participation, card.id, "issued", card.tier, card.valid_until, on)


def until(start: date, tier: Tier) -> date:
    """The last day of a card of ``tier`` that counts from ``start``; 29 February becomes 28 February."""
    try:
        return start.replace(year=start.year + tier.valid_years)
    except ValueError:
        return start.replace(year=start.year + tier.valid_years, day=28)
