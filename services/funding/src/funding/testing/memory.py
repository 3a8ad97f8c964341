"""Funding's unit of work in memory: the ledger is the same ``Book`` that decides in front of the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from funding.domain.applied_policy import AppliedPolicy
from funding.domain.approvals.approval import Approval
from funding.domain.approvals.delegation import Delegation
from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.approvals.rolling import Purse, counted
from funding.domain.audit.finding import AuditFinding
from funding.domain.audit.sample import AuditSample
from funding.domain.audit.sampling import INSPECTED, Candidate
from funding.domain.budgets.allocation import Allocation, AllocationState
from funding.domain.budgets.budget import Budget
from funding.domain.budgets.fund import Fund
from funding.domain.budgets.reallocation import Reallocation
from funding.domain.claims.claim import Claim
from funding.domain.claims.cost_object import CostObject, CostObjectKind
from funding.domain.claims.lines import ClaimLine
from funding.domain.claims.states import COUNTED
from funding.domain.freezing.freeze import Freeze, FreezeState, Thing
from funding.domain.ledger.accounts import Account
from funding.domain.ledger.book import Book
from funding.domain.ledger.entries import Entry
from funding.domain.ledger.period import Period, PeriodState
from funding.domain.participation import Participation, ParticipationState
from funding.domain.payments.disbursement import Disbursement
from funding.domain.payments.instalment import Instalment, InstalmentState
from funding.domain.payments.returns import Discrepancy, ReturnFile
from funding.domain.policy import FundingPolicy, read_policy
from shared.kernel.actor import Actor
from shared.kernel.refusals import NotFound, RuleViolated
from shared.work.memory import MemoryStore, MemoryWork

T = TypeVar("T")


@dataclass
class Shelf:
    """What outlives a unit of work: the stores' contents and the entries of the ledger."""

    policies: dict[UUID, AppliedPolicy] = field(default_factory=dict)
    funds: dict[UUID, Fund] = field(default_factory=dict)
    budgets: dict[UUID, Budget] = field(default_factory=dict)
    allocations: dict[UUID, Allocation] = field(default_factory=dict)
    participations: dict[UUID, Participation] = field(default_factory=dict)
    instalments: dict[UUID, Instalment] = field(default_factory=dict)
    claims: dict[UUID, Claim] = field(default_factory=dict)
    cost_objects: dict[UUID, CostObject] = field(default_factory=dict)
    disbursements: dict[UUID, Disbursement] = field(default_factory=dict)
    return_files: dict[UUID, ReturnFile] = field(default_factory=dict)
    discrepancies: dict[UUID, Discrepancy] = field(default_factory=dict)
    approvals: dict[UUID, Approval] = field(default_factory=dict)
    delegations: dict[UUID, Delegation] = field(default_factory=dict)
    freezes: dict[UUID, Freeze] = field(default_factory=dict)
    reallocations: dict[UUID, Reallocation] = field(default_factory=dict)
    periods: dict[UUID, Period] = field(default_factory=dict)
    audit_samples: dict[UUID, AuditSample] = field(default_factory=dict)
    audit_findings: dict[UUID, AuditFinding] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    drawn: int = 0
    summed: int = 0
    sums: dict[Account, int] = field(default_factory=lambda: defaultdict(int))
    read: dict[str, FundingPolicy] = field(default_factory=dict)

    def balances(self) -> dict[Account, int]:
        """Fen by account, summed from the postings; what was summed before is not summed again."""
        if self.summed > len(self.entries):
            self.summed, self.sums = 0, defaultdict(int)
        for entry in self.entries[self.summed :]:
            for posting in entry.postings:
                self.sums[posting.account] += posting.amount
        self.summed = len(self.entries)
        return dict(self.sums)


class MemoryBooks:
    """Implements ``Books`` on a list."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def post(self, entries: Sequence[Entry]) -> None:
        """See ``Books.post``."""
        shelf = self._shelf
        book = Book(
            balances=shelf.balances(),
            purposes={fund.id: frozenset(fund.purposes) for fund in shelf.funds.values()},
            posted=[entry.source_key for entry in shelf.entries],
            reversed_entries=[entry.reverses for entry in shelf.entries if entry.reverses],
            closed=[each.key for each in shelf.periods.values() if each.state is PeriodState.CLOSED],
        )
        for entry in entries:
            book.post(entry)
        shelf.entries.extend(entries)

    async def balances(self, accounts: Iterable[Account]) -> Mapping[Account, int]:
        """See ``Books.balances``."""
        found = self._shelf.balances()
        return {account: found.get(account, 0) for account in accounts}

    async def entry(self, id: UUID) -> Entry:
        """See ``Books.entry``."""
        for entry in self._shelf.entries:
            if entry.id == id:
                return entry
        raise NotFound("not-found", "There is no such entry.")


class FundingMemory(MemoryWork):
    """Implements ``FundingWork`` over a shelf; an error rolls stores and ledger back."""

    def __init__(self, actor: Actor, now: datetime, shelf: Shelf) -> None:
        super().__init__(actor, now)
        self.shelf = shelf
        self.policies = self._on(AppliedPolicy, shelf.policies)
        self.funds = self._on(Fund, shelf.funds)
        self.budgets = self._on(Budget, shelf.budgets)
        self.allocations = self._on(Allocation, shelf.allocations)
        self.participations = self._on(Participation, shelf.participations)
        self.instalments = self._on(Instalment, shelf.instalments)
        self.claims = self._on(Claim, shelf.claims)
        self.cost_objects = self._on(CostObject, shelf.cost_objects)
        self.disbursements = self._on(Disbursement, shelf.disbursements)
        self.return_files = self._on(ReturnFile, shelf.return_files)
        self.discrepancies = self._on(Discrepancy, shelf.discrepancies)
        self.approvals = self._on(Approval, shelf.approvals)
        self.delegations = self._on(Delegation, shelf.delegations)
        self.freezes = self._on(Freeze, shelf.freezes)
        self.reallocations = self._on(Reallocation, shelf.reallocations)
        self.periods = self._on(Period, shelf.periods)
        self.audit_samples = self._on(AuditSample, shelf.audit_samples)
        self.audit_findings = self._on(AuditFinding, shelf.audit_findings)
        self.books = MemoryBooks(shelf)
        self._entries = list(shelf.entries)

    def _on(self, kind: type[T], things: dict[UUID, T]) -> MemoryStore[T]:
        store = self.store(kind)
        store.things = things
        return store

    def new_id(self) -> UUID:
        """A number that the shelf has not given before."""
        self.shelf.drawn += 1
        return UUID(int=self.shelf.drawn)

    async def policy(self, programme: str, version: str) -> FundingPolicy:
        """See ``FundingWork.policy``."""
        applied = await self.policies.find(programme=programme, policy_version=version)
        if applied is None:
            raise RuleViolated("unknown-policy", "Apply the funding policy first.")
        if applied.sha256 not in self.shelf.read:
            self.shelf.read[applied.sha256] = read_policy(applied.effective)
        return self.shelf.read[applied.sha256]

    async def allocation_of(self, session: str) -> Allocation | None:
        """See ``FundingWork.allocation_of``."""
        return await self.allocations.find(session=session, state=AllocationState.OPEN)

    async def budget_session(self, budget: UUID) -> str:
        """See ``FundingWork.budget_session``."""
        return (await self.budgets.get(budget)).session

    async def frozen(self) -> set[Thing]:
        """See ``FundingWork.frozen``."""
        return {each.thing for each in await self.freezes.list(state=FreezeState.FROZEN)}

    async def queue_up(self, keys: Iterable[str]) -> None:
        """See ``FundingWork.queue_up``; nobody else is here."""
        del keys

    async def rolling_sums(
        self, programme: str, kind: ApprovalKind, payees: Sequence[str], since: date
    ) -> dict[Purse, int]:
        """See ``FundingWork.rolling_sums``."""
        asked = await self.approvals.list(programme=programme, kind=kind, payee=set(payees))
        return counted(asked, since)

    async def participation(self, id: UUID) -> Participation:
        """See ``FundingWork.participation``."""
        if id not in self.participations.things:
            self.participations.add(Participation(id=id))
        return await self.participations.get(id)

    async def instalments_of(self, participations: Sequence[UUID]) -> dict[UUID, list[Instalment]]:
        """See ``FundingWork.instalments_of``."""
        found = await self.instalments.list(participation=list(participations))
        return {id: [each for each in found if each.participation == id] for id in participations}

    async def coming_due(self, on: date, session: str | None) -> list[UUID]:
        """See ``FundingWork.coming_due``."""
        planned = await self.instalments.list(state=InstalmentState.PLANNED)
        return sorted(
            {x.participation for x in planned if x.due_on and x.due_on <= on and session in (None, x.session)}
        )

    async def holders(self, instalments: Iterable[UUID]) -> Mapping[UUID, UUID]:
        """See ``FundingWork.holders``."""
        return {each.id: each.participation for each in await self.instalments.get_many(instalments)}

    async def population(self, fund: UUID, from_day: date, to_day: date, most: int) -> list[Candidate]:
        """See ``FundingWork.population``."""
        found = [
            Candidate(
                x.id, x.kind, sum(side.amount for side in x.postings if side.amount > 0), x.booked_on, x.posted_by,
                x.payee, x.session,
            )
            for x in self.shelf.entries
            if x.fund == fund and from_day <= x.booked_on <= to_day and x.kind in INSPECTED
        ]  # fmt: skip
        return found[:most]

    async def waiting(self, session: str | None) -> list[UUID]:
        """See ``FundingWork.waiting``."""
        return sorted(
            each.id
            for each in self.participations.things.values()
            if (each.lacking or each.state is ParticipationState.UNFUNDED) and session in (None, each.session)
        )

    async def counted_lines(self, kind: CostObjectKind, cost_object: str) -> list[ClaimLine]:
        """See ``FundingWork.counted_lines``."""
        counted = await self.claims.list(cost_kind=kind, cost_object=cost_object, state=COUNTED)
        return [line for claim in counted for line in claim.lines]

    async def used_invoices(self, numbers: Iterable[str]) -> frozenset[str]:
        """See ``FundingWork.used_invoices``."""
        counted = await self.claims.list(state=COUNTED)
        used = {each.invoice_number for claim in counted for line in claim.lines for each in line.evidence}
        return frozenset(number for number in numbers if number in used)

    async def __aenter__(self) -> FundingMemory:
        await super().__aenter__()
        self._entries = list(self.shelf.entries)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        await super().__aexit__(kind, *rest)
        if kind is not None:
            self.shelf.entries[:] = self._entries
            for name in ("policies", "funds", "budgets", "allocations", "participations", "instalments",
                         "claims", "cost_objects", "disbursements", "return_files", "discrepancies", "approvals",
                         "delegations", "freezes", "reallocations", "periods", "audit_samples", "audit_findings"):  # fmt: skip
                setattr(self.shelf, name, getattr(self, name).things)
