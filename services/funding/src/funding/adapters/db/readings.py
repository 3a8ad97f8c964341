"""Rows read without a lock, as things and figures: what the reading routes show."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Select, Text, cast, func, select

from funding.adapters.db import tables
from funding.adapters.db.books import read_entry
from funding.adapters.db.schema.claim_tables import claim, cost_object
from funding.adapters.db.schema.ledger_tables import account, entry, posting
from funding.adapters.db.schema.treasury_tables import discrepancy, return_file
from funding.domain.applied_policy import AppliedPolicy
from funding.domain.budgets.allocation import Allocation
from funding.domain.budgets.budget import Budget
from funding.domain.budgets.fund import Fund
from funding.domain.claims.claim import Claim
from funding.domain.claims.cost_object import CostObject
from funding.domain.ledger.entries import Entry
from funding.domain.ledger.period import Period
from funding.domain.participation import Participation
from funding.domain.payments.disbursement import Disbursement
from funding.domain.payments.instalment import Instalment
from funding.domain.payments.returns import Discrepancy, ReturnFile
from shared.work.mapping import Mapping

T = TypeVar("T")

POLICIES: Final = Mapping(AppliedPolicy, tables.applied_policy)
FUNDS: Final = Mapping(Fund, tables.fund)
BUDGETS: Final = Mapping(Budget, tables.budget)
ALLOCATIONS: Final = Mapping(Allocation, tables.allocation)
PARTICIPATIONS: Final = Mapping(Participation, tables.participation)
INSTALMENTS: Final = Mapping(Instalment, tables.instalment)
DISBURSEMENTS: Final = Mapping(Disbursement, tables.disbursement)
CLAIMS: Final = Mapping(Claim, claim)
COST_OBJECTS: Final = Mapping(CostObject, cost_object)
RETURN_FILES: Final = Mapping(ReturnFile, return_file)
DISCREPANCIES: Final = Mapping(Discrepancy, discrepancy)
PERIODS: Final = Mapping(Period, tables.period)


def thing(mapping: Mapping[T], row: Any) -> T:
    """The thing at the beginning of a row that may hold more columns."""
    return mapping.thing(tuple(row)[: len(mapping.names)])


def person_balance(kind: str) -> ColumnElement[int]:
    """Fen on all accounts of a kind of the participation in the outer query."""
    owner = cast(tables.participation.c.id, Text)
    summed = select(func.coalesce(func.sum(account.c.balance), 0)).where(
        account.c.owner == owner, account.c.kind == kind
    )
    return cast(summed.scalar_subquery(), BigInteger)


def participations_with_balances() -> Select[Any]:
    """Participations with ``committed``, ``instructed`` and ``receivable`` fen from the ledger."""
    return select(
        *PARTICIPATIONS.columns,
        person_balance("committed").label("committed"),
        person_balance("in_transit").label("instructed"),
        person_balance("receivable").label("receivable"),
    )


def session_balance(kind: str) -> ColumnElement[int]:
    """Fen reserved or committed for all persons and claims of the allocation's session in the outer query."""
    person = tables.participation
    summed = (
        select(func.coalesce(func.sum(account.c.balance), 0))
        .select_from(person.join(account, account.c.owner == cast(person.c.id, Text)))
        .where(person.c.session == tables.allocation.c.session, account.c.kind == kind)
    )
    claimed = (
        select(func.coalesce(func.sum(account.c.balance), 0))
        .select_from(claim.join(account, account.c.owner == cast(claim.c.id, Text)))
        .where(claim.c.session == tables.allocation.c.session, account.c.kind == kind)
    )
    return cast(summed.scalar_subquery() + claimed.scalar_subquery(), BigInteger)


def allocations_with_balances() -> Select[Any]:
    """Allocations with ``available``, ``reserved`` and ``committed`` fen from the ledger."""
    pot = select(func.coalesce(func.sum(account.c.balance), 0)).where(
        account.c.fund == tables.allocation.c.fund,
        account.c.kind == "available",
        account.c.owner == tables.allocation.c.session,
    )
    return select(
        *ALLOCATIONS.columns,
        cast(pot.scalar_subquery(), BigInteger).label("available"),
        session_balance("reserved").label("reserved"),
        session_balance("committed").label("committed"),
    )


def entries_with_sides() -> Select[Any]:
    """Entries, each with ``sides``: its postings and their accounts as JSON."""
    side = func.jsonb_build_object(
        "kind", account.c.kind, "owner", account.c.owner, "category", account.c.category, "amount", posting.c.amount
    )
    sides = (
        select(func.jsonb_agg(side))
        .select_from(posting.join(account, posting.c.account == account.c.id))
        .where(posting.c.entry == entry.c.id)
    )
    return select(entry, sides.scalar_subquery().label("sides"))


def whole_entry(row: Any) -> Entry:
    """The entry of a row of ``entries_with_sides``."""
    return read_entry(row._mapping, [side | {"fund": row.fund} for side in row.sides])
