"""Funding's unit of work on PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from funding.adapters.db import claim_queries, tables
from funding.adapters.db.books import PostgresBooks
from funding.adapters.db.populations import population
from funding.adapters.db.rolling import frozen_things, queue_up, rolling_sums
from funding.adapters.db.schema import approval_tables, claim_tables, treasury_tables
from funding.adapters.db.schema.audit_tables import audit_finding, audit_sample
from funding.adapters.events.publishing import translate
from funding.domain.applied_policy import AppliedPolicy
from funding.domain.approvals.approval import Approval
from funding.domain.approvals.delegation import Delegation
from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.approvals.rolling import Purse
from funding.domain.audit.finding import AuditFinding
from funding.domain.audit.sample import AuditSample
from funding.domain.audit.sampling import Candidate
from funding.domain.budgets.allocation import Allocation, AllocationState
from funding.domain.budgets.budget import Budget
from funding.domain.budgets.fund import Fund
from funding.domain.budgets.reallocation import Reallocation
from funding.domain.claims.claim import Claim
from funding.domain.claims.cost_object import CostObject, CostObjectKind
from funding.domain.claims.lines import ClaimLine
from funding.domain.freezing.freeze import Freeze, Thing
from funding.domain.ledger.period import Period
from funding.domain.participation import Participation, ParticipationState
from funding.domain.payments.disbursement import Disbursement
from funding.domain.payments.instalment import Instalment, InstalmentState
from funding.domain.payments.returns import Discrepancy, ReturnFile
from funding.domain.policy import FundingPolicy, read_policy
from shared.kernel.clock import Clock
from shared.kernel.refusals import NotFound, RuleViolated
from shared.work.mapping import Mapping as RowMapping
from shared.work.unit import Circumstances, UnitOfWork

_read: Final[dict[str, FundingPolicy]] = {}
"""Effective policies by fingerprint: what was read once need not be read again."""


class FundingUnit(UnitOfWork):
    """Implements ``FundingWork``."""

    service: ClassVar[str] = "funding"
    translate = staticmethod(translate)
    constraints: ClassVar[Mapping[str, tuple[str, str]]] = {
        "uq_money_freeze_live": ("already-frozen", "This is frozen already."),
        "uq_approval_live": ("lost-race", "Somebody else asked for this approval at the same moment."),
        "ck_approval_distinct_persons": ("same-person", "No chain of signatures holds one person twice."),
        "pk_participation": ("lost-race", "Another event of this participation was taken in at the same moment."),
        "uq_fund_code": ("fund-exists", "There is a fund with this code."),
        "uq_applied_policy_version": ("lost-race", "Somebody else applied this version at the same moment."),
        "uq_allocation_session": ("lost-race", "Somebody else allocated to this session at the same moment."),
        "uq_disbursement_number": ("lost-race", "Somebody else instructed a batch at the same moment."),
        "uq_cost_object_code": ("cost-object-exists", "A class or mission with this code is registered."),
        "pk_claim_invoice": ("invoice-used", "An invoice was used in another claim at the same moment."),
        "ex_claim_day_once": ("days-claimed", "Some of these days were claimed for this category at the same moment."),
        "uq_period_key": ("lost-race", "Somebody else opened this month at the same moment."),
        "uq_entry_source_key": ("already-posted", "This was booked before."),
        "uq_entry_paid_subject": ("already-posted", "This was paid before."),
        "ledger_period_closed": ("period-closed", "The accounting month is closed; book in an open one."),
        "ledger_period_open": ("period-closed", "The accounting month is closed; book in an open one."),
    }

    def __init__(self, engine: AsyncEngine, clock: Clock, circumstances: Circumstances) -> None:
        super().__init__(engine, clock, circumstances)
        self.policies = self.store(AppliedPolicy, tables.applied_policy)
        self.funds = self.store(Fund, tables.fund)
        self.budgets = self.store(Budget, tables.budget)
        self.allocations = self.store(Allocation, tables.allocation)
        self.participations = self.store(Participation, tables.participation)
        self.instalments = self.store(Instalment, tables.instalment)
        self.claims = self.store(Claim, claim_tables.claim)
        self.cost_objects = self.store(CostObject, claim_tables.cost_object)
        self.disbursements = self.store(Disbursement, tables.disbursement)
        self.return_files = self.store(ReturnFile, treasury_tables.return_file)
        self.discrepancies = self.store(Discrepancy, treasury_tables.discrepancy)
        self.approvals = self.store(Approval, approval_tables.approval)
        self.delegations = self.store(Delegation, approval_tables.delegation)
        self.freezes = self.store(Freeze, approval_tables.money_freeze)
        self.reallocations = self.store(Reallocation, approval_tables.reallocation)
        self.periods = self.store(Period, tables.period)
        self.audit_samples = self.store(AuditSample, audit_sample)
        self.audit_findings = self.store(AuditFinding, audit_finding)
        self.books = PostgresBooks(self)
        self._people: dict[UUID, Participation] = {}
        self._plans: dict[UUID, list[Instalment]] = {}
        self._pots: dict[str, Allocation] = {}
        self._found: dict[tuple[str, str], FundingPolicy] = {}

    async def foresee(self, subjects: Collection[str]) -> None:
        """Load everything of these participations at once; from here on what the events do is written together."""
        ids = sorted(id for id in map(_participation, subjects) if id is not None)
        if not ids:
            return
        self._people = {each.id: each for each in await self.participations.list(id=ids)}
        self._plans = {id: [] for id in ids}
        for each in await self.instalments.list(participation=ids):
            self._plans[each.participation].append(each)
        await self.books.foresee(str(id) for id in ids)

    async def next_event(self, seed: str, causation: str) -> None:
        """Begin with the next event; what was foreseen stays loaded and is written at the end of the batch."""
        if self._plans:
            self.act_on(seed, causation)
        else:
            await super().next_event(seed, causation)

    async def flush(self) -> None:
        """Write what has changed, then the entries that wait for it."""
        await super().flush()
        await self.books.flush()

    async def participation(self, id: UUID) -> Participation:
        """See ``FundingWork.participation``."""
        if id in self._people:
            return self._people[id]
        found = None if id in self._plans else await self.participations.find(id=id)
        if found is None:
            found = Participation(id=id)
            self.participations.add(found)
        if id in self._plans:
            self._people[id] = found
        return found

    async def instalments_of(self, participations: Sequence[UUID]) -> dict[UUID, list[Instalment]]:
        """See ``FundingWork.instalments_of``."""
        if all(id in self._plans for id in participations):
            return {id: self._plans[id] for id in participations}
        found: dict[UUID, list[Instalment]] = {id: [] for id in participations}
        for each in await self.instalments.list(participation=list(participations)):
            found[each.participation].append(each)
        return found

    async def policy(self, programme: str, version: str) -> FundingPolicy:
        """See ``FundingWork.policy``."""
        if (programme, version) in self._found:
            return self._found[programme, version]
        await self.policies.flush()
        table = tables.applied_policy
        named = (table.c.programme == programme) & (table.c.policy_version == version)
        row = (await self.connection.execute(select(table.c.sha256).where(named))).first()
        if row is None:
            raise RuleViolated("unknown-policy", "Apply the funding policy first.", programme=programme, policy=version)
        if row.sha256 not in _read:
            content = (await self.connection.execute(select(table.c.effective).where(named))).scalar_one()
            _read[row.sha256] = read_policy(content)
        self._found[programme, version] = _read[row.sha256]
        return _read[row.sha256]

    async def allocation_of(self, session: str) -> Allocation | None:
        """See ``FundingWork.allocation_of``."""
        if session in self._pots:
            return self._pots[session]
        await self.allocations.flush()
        mapping = RowMapping(Allocation, tables.allocation)
        table = tables.allocation
        open_one = (table.c.session == session) & (table.c.state == AllocationState.OPEN.value)
        row = (await self.connection.execute(select(*mapping.columns).where(open_one))).first()
        if row is None:
            return None
        self._pots[session] = mapping.thing(row)
        return self._pots[session]

    async def budget_session(self, budget: UUID) -> str:
        """See ``FundingWork.budget_session``."""
        row = (
            await self.connection.execute(select(tables.budget.c.session).where(tables.budget.c.id == budget))
        ).first()
        if row is None:
            raise NotFound("not-found", "There is no such budget.", ids=[str(budget)])
        session: str = row.session
        return session

    async def frozen(self) -> set[Thing]:
        """See ``FundingWork.frozen``."""
        return await frozen_things(self.connection)

    async def queue_up(self, keys: Iterable[str]) -> None:
        """See ``FundingWork.queue_up``."""
        await queue_up(self.connection, keys)

    async def rolling_sums(
        self, programme: str, kind: ApprovalKind, payees: Sequence[str], since: date
    ) -> dict[Purse, int]:
        """See ``FundingWork.rolling_sums``."""
        await self.approvals.flush()
        return await rolling_sums(self.connection, programme, kind, payees, since)

    async def coming_due(self, on: date, session: str | None) -> list[UUID]:
        """See ``FundingWork.coming_due``."""
        table = tables.instalment
        statement = (
            select(table.c.participation)
            .distinct()
            .where(table.c.state == InstalmentState.PLANNED.value, table.c.due_on <= on)
            .order_by(table.c.participation)
        )
        if session is not None:
            statement = statement.where(table.c.session == session)
        return list((await self.connection.execute(statement)).scalars())

    async def holders(self, instalments: Iterable[UUID]) -> Mapping[UUID, UUID]:
        """See ``FundingWork.holders``."""
        table, wanted = tables.instalment, set(instalments)
        rows = await self.connection.execute(select(table.c.id, table.c.participation).where(table.c.id.in_(wanted)))
        found = {row.id: row.participation for row in rows}
        if missing := sorted(str(id) for id in wanted - set(found)):
            raise NotFound("not-found", "There are no such instalments.", ids=missing)
        return found

    async def population(self, fund: UUID, from_day: date, to_day: date, most: int) -> list[Candidate]:
        """See ``FundingWork.population``."""
        return await population(self.connection, fund, from_day, to_day, most)

    async def waiting(self, session: str | None) -> list[UUID]:
        """See ``FundingWork.waiting``."""
        table = tables.participation
        lacking = (table.c.lacking > 0) | (table.c.state == ParticipationState.UNFUNDED.value)
        statement = select(table.c.id).where(lacking).order_by(table.c.id)
        if session is not None:
            statement = statement.where(table.c.session == session)
        return list((await self.connection.execute(statement)).scalars())

    async def counted_lines(self, kind: CostObjectKind, cost_object: str) -> list[ClaimLine]:
        """See ``FundingWork.counted_lines``."""
        return await claim_queries.counted_lines(self.connection, kind, cost_object)

    async def used_invoices(self, numbers: Iterable[str]) -> frozenset[str]:
        """See ``FundingWork.used_invoices``."""
        return await claim_queries.used_invoices(self.connection, numbers)


def _participation(subject: str) -> UUID | None:
    try:
        return UUID(subject)
    except ValueError:
        return None
