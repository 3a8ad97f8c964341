"""The ledger: entries, accounts, accounting months, the trial balance."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy import select

from funding.adapters.db import tables
from funding.adapters.db.books import read_account
from funding.adapters.db.readings import PERIODS, entries_with_sides, thing, whole_entry
from funding.adapters.db.schema.ledger_tables import account, entry, posting
from funding.adapters.db.statement import proof
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.routes.common import CodeFilter, NoBody, matching
from funding.adapters.http.shapes.books.ledger import (
    AccountOut,
    AccountPostingOut,
    KindBalance,
    LedgerEntryOut,
    TrialBalance,
)
from funding.adapters.http.shapes.common import money
from funding.adapters.http.shapes.funds.funds import FundingReason, PeriodOut
from funding.usecases.funds.close_period import close_period
from funding.usecases.funds.record_grant import reverse_entry
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.money import yuan

router = APIRouter(prefix="/v1/funding", tags=["ledger"])
Paged = Annotated[PageParameters, Depends(page_parameters)]
ReadEntries = Annotated[Query, Depends(query("entry.read"))]
ReadAccounts = Annotated[Query, Depends(query("account.read"))]


@router.get("/trial-balance", response_model=TrialBalance, responses=READ_PROBLEMS)
async def trial_balance(read: ReadAccounts) -> Response:
    """Proof that the books are in balance, over all funds."""
    found = await proof(read.connection)
    shown = TrialBalance(
        as_of=read.running.clock.now(),
        balanced=found.balanced,
        total=yuan(found.total),
        debit=money(found.debit),
        credit=money(found.credit),
        mismatches=found.mismatches,
        by_kind=[KindBalance(kind=kind, balance=yuan(fen)) for kind, fen in found.by_kind.items()],
    )
    return read.answer(shown)


@router.get("/entries", response_model=PageOf[LedgerEntryOut], responses=READ_PROBLEMS)
async def list_entries(
    read: ReadEntries,
    page: Paged,
    fund: UUID | None = None,
    participation: UUID | None = None,
    kind: CodeFilter = None,
) -> Response:
    """Journal entries with their postings."""
    filters: dict[str, Any] = {"fund": fund, "participation": participation, "kind": kind}
    statement = entries_with_sides().where(read.scope.where({}), matching(entry, filters))
    return await read.page(statement, entry, page, lambda row: LedgerEntryOut.of(whole_entry(row)), filters=filters)


@router.get("/entries/{entry_id}", response_model=LedgerEntryOut, responses=READ_PROBLEMS)
async def read_entry(entry_id: UUID, read: ReadEntries) -> Response:
    """A journal entry."""
    row = await read.one(entries_with_sides().where(read.scope.where({}), entry.c.id == entry_id))
    return read.answer(LedgerEntryOut.of(whole_entry(row)))


@router.post("/entries/{entry_id}/reverse", response_model=LedgerEntryOut, status_code=201, responses=PROBLEMS)
async def reverse(
    entry_id: UUID, body: FundingReason, do: Annotated[Command[FundingUnit], Depends(command("entry.reverse"))]
) -> Response:
    """Reverse a grant that was recorded wrongly; the reversal names the original."""
    return await do.run(
        lambda work: reverse_entry(work, entry_id, reason=body.reason),
        present=LedgerEntryOut.of,
        status=201,
        location=lambda undone: f"/v1/funding/entries/{undone.id}",
    )


@router.get("/accounts", response_model=PageOf[AccountOut], responses=READ_PROBLEMS)
async def list_accounts(
    read: ReadAccounts,
    page: Paged,
    fund: UUID | None = None,
    kind: CodeFilter = None,
    owner: CodeFilter = None,
) -> Response:
    """Accounts with their balances."""
    filters: dict[str, Any] = {"fund": fund, "kind": kind, "owner": owner}
    statement = select(account).where(read.scope.where({}), matching(account, filters))

    def shown(row: Any) -> AccountOut:
        return AccountOut.of(read_account(row._mapping), row.balance)

    return await read.page(statement, account, page, shown, filters=filters)


@router.get("/accounts/{account_id}/postings", response_model=PageOf[AccountPostingOut], responses=READ_PROBLEMS)
async def list_postings(account_id: UUID, read: ReadAccounts, page: Paged) -> Response:
    """What was posted on an account: the drill-down of every figure."""
    await read.one(select(account.c.id).where(read.scope.where({}), account.c.id == account_id))
    statement = (
        select(entry, posting.c.amount)
        .join(posting, posting.c.entry == entry.c.id)
        .where(posting.c.account == account_id)
    )

    def shown(row: Any) -> AccountPostingOut:
        return AccountPostingOut(
            entry=row.id,
            kind=row.kind,
            booked_on=row.booked_on,
            participation=row.participation,
            source_key=row.source_key,
            amount=yuan(row.amount),
        )

    return await read.page(statement, entry, page, shown, filters={"account": account_id})


@router.get("/periods", response_model=PageOf[PeriodOut], responses=READ_PROBLEMS)
async def list_periods(read: Annotated[Query, Depends(query("period.read"))], page: Paged) -> Response:
    """Accounting months that were posted to or closed."""
    statement = select(*PERIODS.columns).where(read.scope.where({}))
    return await read.page(statement, tables.period, page, lambda row: PeriodOut.of(thing(PERIODS, row), read.actor))


@router.post("/periods/{key}/close", response_model=PeriodOut, responses=PROBLEMS)
async def close(
    key: Annotated[str, Path(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")],
    do: Annotated[Command[FundingUnit], Depends(command("period.close"))],
    body: NoBody | None = None,
) -> Response:
    """Close a month that is over for good."""
    del body
    return await do.run(lambda work: close_period(work, key), present=PeriodOut.of)
