"""What the use cases of funding need from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from typing import Protocol
from uuid import UUID

from funding.domain.applied_policy import AppliedPolicy
from funding.domain.approvals.approval import Approval
from funding.domain.approvals.delegation import Delegation
from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.approvals.rolling import Purse
from funding.domain.audit.finding import AuditFinding
from funding.domain.audit.sample import AuditSample
from funding.domain.audit.sampling import Candidate
from funding.domain.budgets.allocation import Allocation
from funding.domain.budgets.budget import Budget
from funding.domain.budgets.fund import Fund
from funding.domain.budgets.reallocation import Reallocation
from funding.domain.claims.claim import Claim
from funding.domain.claims.cost_object import CostObject, CostObjectKind
from funding.domain.claims.lines import ClaimLine
from funding.domain.freezing.freeze import Freeze, Thing
from funding.domain.ledger.accounts import Account
from funding.domain.ledger.entries import Entry
from funding.domain.ledger.period import Period
from funding.domain.participation import Participation
from funding.domain.payments.disbursement import Disbursement
from funding.domain.payments.instalment import Instalment
from funding.domain.payments.returns import Discrepancy, ReturnFile
from funding.domain.policy import FundingPolicy
from shared.kernel.work import Store, Work


class Books(Protocol):
    """The ledger: append-only, never out of balance."""

    async def post(self, entries: Sequence[Entry]) -> None:
        """Post all entries or none; accounts are locked in the order of their ids.

        Raises:
            Conflict: ``already-posted``, ``already-reversed``, ``period-closed``.
            RuleViolated: ``purpose-locked``, ``overdrawn``.
        """
        ...

    async def balances(self, accounts: Iterable[Account]) -> Mapping[Account, int]:
        """Fen on accounts, which stay locked until the unit of work is left; an account never posted to has 0."""
        ...

    async def entry(self, id: UUID) -> Entry:
        """An entry. Raises ``NotFound``."""
        ...


class FundingWork(Work, Protocol):
    """The unit of work of funding.

    Locks are taken in one order everywhere: policy, budget, re-allocation, allocation, disbursement, participation,
    instalment, claim, fund, approval (its queue, then its rows), ledger account, each by ascending id; so no two units
    wait for one another. A claim that is still with its claimant is held before its participation or cost object; no
    batch ever waits for one of those.
    """

    @property
    def policies(self) -> Store[AppliedPolicy]:
        """Applied policies."""
        ...

    @property
    def funds(self) -> Store[Fund]:
        """Funds."""
        ...

    @property
    def budgets(self) -> Store[Budget]:
        """Budgets."""
        ...

    @property
    def allocations(self) -> Store[Allocation]:
        """Allocations."""
        ...

    @property
    def participations(self) -> Store[Participation]:
        """The money of participations."""
        ...

    @property
    def instalments(self) -> Store[Instalment]:
        """Instalments."""
        ...

    @property
    def claims(self) -> Store[Claim]:
        """Reimbursement claims."""
        ...

    @property
    def cost_objects(self) -> Store[CostObject]:
        """Classes and missions that may be claimed for."""
        ...

    @property
    def disbursements(self) -> Store[Disbursement]:
        """Payment batches."""
        ...

    @property
    def approvals(self) -> Store[Approval]:
        """Requests for approval."""
        ...

    @property
    def delegations(self) -> Store[Delegation]:
        """Delegated authority."""
        ...

    @property
    def return_files(self) -> Store[ReturnFile]:
        """Return files that were taken in."""
        ...

    @property
    def discrepancies(self) -> Store[Discrepancy]:
        """Contradictions of the treasury."""
        ...

    @property
    def freezes(self) -> Store[Freeze]:
        """What is or was frozen."""
        ...

    @property
    def reallocations(self) -> Store[Reallocation]:
        """Requests to move free money."""
        ...

    @property
    def periods(self) -> Store[Period]:
        """Accounting months."""
        ...

    @property
    def audit_samples(self) -> Store[AuditSample]:
        """Samples of the auditor."""
        ...

    @property
    def audit_findings(self) -> Store[AuditFinding]:
        """Findings of the auditor."""
        ...

    @property
    def books(self) -> Books:
        """The ledger."""
        ...

    async def policy(self, programme: str, version: str) -> FundingPolicy:
        """The policy that holds, read without a lock. Raises ``NotFound``: ``unknown-policy``."""
        ...

    async def allocation_of(self, session: str) -> Allocation | None:
        """The open allocation of a session, read without a lock."""
        ...

    async def budget_session(self, budget: UUID) -> str:
        """The session of a budget, read without a lock. Raises ``NotFound``."""
        ...

    async def frozen(self) -> Set[Thing]:
        """Everything that is frozen, read without a lock."""
        ...

    async def queue_up(self, keys: Iterable[str]) -> None:
        """Be alone with each of these names until the unit of work is left; taken in one order."""
        ...

    async def rolling_sums(
        self, programme: str, kind: ApprovalKind, payees: Sequence[str], since: date
    ) -> dict[Purse, int]:
        """Fen asked for by payee and purpose since a day, pending ones included, withdrawn ones not."""
        ...

    async def participation(self, id: UUID) -> Participation:
        """The money of a participation, locked; a new one when nothing was heard of it before."""
        ...

    async def instalments_of(self, participations: Sequence[UUID]) -> dict[UUID, list[Instalment]]:
        """All instalments of each of these, locked; who adds one appends it to the list too."""
        ...

    async def coming_due(self, on: date, session: str | None) -> list[UUID]:
        """Participations with a planned instalment dated ``on`` or before, by id, read without a lock."""
        ...

    async def holders(self, instalments: Iterable[UUID]) -> Mapping[UUID, UUID]:
        """The participation of each of these instalments, read without a lock. Raises ``NotFound``."""
        ...

    async def population(self, fund: UUID, from_day: date, to_day: date, most: int) -> list[Candidate]:
        """Entries of a fund that an auditor may look at, by id, booked in these days; ``most`` at the most."""
        ...

    async def waiting(self, session: str | None) -> list[UUID]:
        """Participations that lack an allocation or money, by id, read without a lock."""
        ...

    async def counted_lines(self, kind: CostObjectKind, cost_object: str) -> list[ClaimLine]:
        """The lines of all claims for a cost object that count, read without a lock; the caller holds the object."""
        ...

    async def used_invoices(self, numbers: Iterable[str]) -> frozenset[str]:
        """Those of the invoice numbers that a counted claim uses."""
        ...
