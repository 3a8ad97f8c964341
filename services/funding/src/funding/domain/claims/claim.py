"""Claim: what somebody spent for a participation, a class or a mission and asks to have reimbursed (报销, F-04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar
from uuid import UUID

from funding.domain.approvals.approval import Approval
from funding.domain.approvals.chain import Step
from funding.domain.claims import granting
from funding.domain.claims.cost_object import CostObjectKind
from funding.domain.claims.lines import ClaimLine, Cut
from funding.domain.claims.states import CLAIM, ClaimState
from funding.domain.facts import ClaimApproved, ClaimPaid, ClaimSubmitted
from funding.domain.payments.clawback import divide
from funding.domain.roles import FUNDING
from shared.kernel.actor import Actor, Facets
from shared.kernel.lifecycle import Aggregate, Lifecycle
from shared.kernel.money import yuan
from shared.kernel.refusals import Conflict, Forbidden, RuleViolated

C = ClaimState


@dataclass(kw_only=True)
class Claim(Aggregate):
    """A claim; amounts in fen.

    Attributes:
        cost_kind, cost_object: what it is for: kind, and participation id or code of the class or mission.
        participation: the participation, or None for a class or mission.
        session: code of the session whose allocation pays.
        fund, programme, policy_version: those of the allocation.
        account, unit, host: whose it is and who may see it: opaque account of the person, paths of the sending unit
            and the host; None where there is none.
        payee, payee_kind: who is paid: a path, or the opaque account of the person.
        lines: what was spent.
        drafted_by, submitted_by, checked_by: accounts; none of them is another one's, nor signs (F-01).
        submitted_on: day of submission, None while it counts for nothing.
        rolling_amount: fen that decided the chain, with other claims of the payee for the same purposes (F-03).
        chain: the signatures asked for, as they were when the last one was given or they were asked for.
        signers: accounts of all who stand behind a signature, delegators included.
        refusal: why it was returned, refused or revoked last, or None.
        frozen_by, frozen_why: who stopped it and why, or None.
        attempts, reference, paid_on: as of an instalment.
        clawback, recovered: fen by category that must come back in all, and that came back.
        clawback_due_on: the day by which it must be back.
    """

    lifecycle: ClassVar[Lifecycle[ClaimState]] = CLAIM

    cost_kind: CostObjectKind
    cost_object: str
    participation: UUID | None
    session: str
    fund: UUID
    programme: str
    policy_version: str
    account: str | None
    unit: str | None
    host: str | None
    payee: str
    payee_kind: str
    lines: list[ClaimLine]
    drafted_by: str
    submitted_by: str | None = None
    submitted_on: date | None = None
    checked_by: str | None = None
    rolling_amount: int = 0
    chain: list[Step] = field(default_factory=list)
    signers: list[str] = field(default_factory=list)
    refusal: str | None = None
    frozen_by: str | None = None
    frozen_why: str | None = None
    attempts: int = 0
    reference: str | None = None
    paid_on: date | None = None
    clawback: dict[str, int] = field(default_factory=dict)
    recovered: dict[str, int] = field(default_factory=dict)
    clawback_due_on: date | None = None
    state: ClaimState = field(default=ClaimState.DRAFT)

    @property
    def claimed(self) -> int:
        """Fen claimed in all."""
        return sum(line.amount for line in self.lines)

    @property
    def amount(self) -> int:
        """Fen to be paid as things stand."""
        return sum(line.worth for line in self.lines)

    @property
    def parts(self) -> dict[str, int]:
        """Fen to be paid by category."""
        found: dict[str, int] = defaultdict(int)
        for line in self.lines:
            found[line.category] += line.worth
        return {category: amount for category, amount in found.items() if amount}

    @property
    def facets(self) -> Facets:
        """Who stands how to it."""
        return Facets(account=self.account, unit=self.unit, host=self.host)

    def require_possible(self, action: str, by: Actor) -> None:
        """Raises what the lifecycle would say of ``action`` now, before anything is looked up."""
        self.lifecycle.next(action, self.state, by)

    def revise(self, lines: Sequence[ClaimLine], by: Actor) -> None:
        """Take other lines while it is with the claimant."""
        self._advance("revise", by)
        self.lines = list(lines)

    def submit(self, held: Sequence[ClaimLine], *, by: Actor, on: date) -> ClaimSubmitted:
        """Hand it in with lines that were held against the standards."""
        self._require_thawed()
        self._advance("submit", by)
        self.lines, self.submitted_by, self.submitted_on, self.refusal = list(held), by.subject, on, None
        return ClaimSubmitted(self.id, self.participation, self.session, self.claimed)

    @property
    def handlers(self) -> list[str]:
        """Who had it in hand before it is signed; none of them signs (F-01)."""
        return [each for each in (self.drafted_by, self.submitted_by, self.checked_by) if each is not None]

    def check(self, cuts: Sequence[Cut], *, by: Actor) -> None:
        """Say that the documents bear the lines out, as far as they do.

        Raises:
            Forbidden: ``same-person``.
            RuleViolated: ``cut-wrong``.
        """
        self._require_thawed()
        self._advance("check", by)
        self._require_other(by, self.drafted_by, self.submitted_by)
        self.lines = granting.grant([replace(line, granted=line.amount) for line in self.lines], cuts)
        self.checked_by = by.subject

    def follow(self, approval: Approval) -> None:
        """Show the chain and the rolling sum of the approval that was asked for (F-03)."""
        self.rolling_amount, self.chain, self.signers = approval.rolling_amount, approval.chain, approval.signers

    def approve(self, cuts: Sequence[Cut], approval: Approval, *, by: Actor) -> ClaimApproved | None:
        """Take in a signature that was just given, and grant less where ``cuts`` say so; the last one approves the rest.

        Raises:
            RuleViolated: ``cut-wrong``, ``nothing-granted``.
        """
        self._require_thawed()
        self._advance("approve", by)
        self.follow(approval)
        self.lines = granting.grant(self.lines, cuts)
        if not approval.is_complete:
            return None
        granting.require_something(self.lines)
        self._advance("grant_all" if self.amount == self.claimed else "grant_part", FUNDING)
        return ClaimApproved(self.id, self.participation, self.session, self.claimed, self.amount)

    def give_back(self, reason: str, *, by: Actor) -> None:
        """Return it to the claimant, who may hand it in again; its signatures are void."""
        self._advance("return", by)
        self._void_signatures(reason)

    def refuse(self, reason: str, *, by: Actor) -> None:
        """Refuse it for good; its invoices and days are free again."""
        self._advance("refuse", by)
        self._void_signatures(reason)

    def withdraw(self, *, by: Actor) -> None:
        """The claimant takes it back before anybody has approved it."""
        self._advance("withdraw", by)
        self.submitted_on = None

    def revoke(self, reason: str, *, by: Actor) -> None:
        """Take an approval back before the money is instructed. Raises ``Forbidden``: ``same-person``."""
        self._advance("revoke", by)
        self._require_other(by, *self.handlers)
        self.refusal, self.submitted_on = reason, None

    def freeze(self, reason: str, *, by: Actor) -> None:
        """Stop it where it is (F-07). Raises ``Conflict``: ``claim-frozen`` when it is already."""
        self._require_thawed()
        self._advance("freeze", by)
        self.frozen_by, self.frozen_why = by.subject, reason

    def thaw(self, *, by: Actor) -> None:
        """Let it go on. Raises ``Conflict``: ``not-frozen``."""
        if self.frozen_by is None:
            raise Conflict("not-frozen", "The claim is not frozen.")
        self._advance("thaw", by)
        self.frozen_by = self.frozen_why = None

    def instruct(self, by: Actor, reference: str) -> None:
        """Hand it to the treasury. Raises ``Forbidden``: ``same-person`` for anybody who had it in hand (F-01)."""
        self._require_thawed()
        self._advance("instruct", by)
        self._require_other(by, *self.handlers, *self.signers)
        self.attempts += 1
        self.reference = reference

    def pay(self, by: Actor, on: date) -> ClaimPaid:
        """The treasury has paid it."""
        self._advance("pay", by)
        self.paid_on = on
        return ClaimPaid(self.id, self.participation, self.session, self.amount, on)

    def reject(self, by: Actor) -> None:
        """The treasury could not pay it: it is approved and waits for the next batch."""
        self._advance("reject_all" if self.amount == self.claimed else "reject_part", by)

    @property
    def outstanding(self) -> dict[str, int]:
        """Fen by category that are still to come back."""
        rest = {category: owed - self.recovered.get(category, 0) for category, owed in self.clawback.items()}
        return {category: amount for category, amount in rest.items() if amount}

    def claim_back(self, amount: int, reason: str, due_on: date, *, by: Actor) -> dict[str, int]:
        """Ask ``amount`` fen of what was paid back, over the categories in proportion; gives it by category.

        Raises:
            Forbidden: ``same-person`` for anybody who had the claim in hand or signed it.
            RuleViolated: ``wrong-amount`` for more than was paid and is not asked back yet.
        """
        self._advance("claim_back", by)
        self._require_other(by, *self.handlers, *self.signers)
        kept = {category: paid - self.clawback.get(category, 0) for category, paid in self.parts.items()}
        if not 0 < amount <= sum(kept.values()):
            raise RuleViolated("wrong-amount", f"At most {yuan(sum(kept.values()))} yuan were paid.", rule="F-04")
        parts = divide(amount, kept)
        self.clawback = {c: self.clawback.get(c, 0) + parts.get(c, 0) for c in {*self.clawback, *parts}}
        self.refusal, self.clawback_due_on = reason, due_on
        return parts

    def recover(self, amount: int, *, by: Actor) -> dict[str, int]:
        """``amount`` fen came back, whole or in part; gives it by category. Raises ``RuleViolated``: ``wrong-amount``."""
        outstanding = self.outstanding
        owed = sum(outstanding.values())
        self._advance("recover" if amount == owed else "recover_part", by)
        if not 0 < amount <= owed:
            raise RuleViolated("wrong-amount", f"{yuan(owed)} yuan are to come back, at most.", rule="F-04")
        parts = divide(amount, outstanding)
        self.recovered = {c: self.recovered.get(c, 0) + parts.get(c, 0) for c in {*self.recovered, *parts}}
        if amount == owed:
            self.clawback_due_on = None
        return parts

    def _void_signatures(self, reason: str) -> None:
        self.refusal, self.submitted_on, self.checked_by = reason, None, None
        self.chain, self.signers, self.rolling_amount = [], [], 0
        self.lines = [replace(line, granted=None, reason=None) for line in self.lines]

    def _require_thawed(self) -> None:
        if self.frozen_by is not None:
            raise Conflict("claim-frozen", "The claim is frozen until the finance authority thaws it.", rule="F-07")

    def _require_other(self, by: Actor, *others: str | None) -> None:
        if by.subject in others:
            raise Forbidden("same-person", "Who had this claim in hand before does not take this step.", rule="F-01")
