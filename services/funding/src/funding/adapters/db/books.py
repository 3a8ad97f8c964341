"""The ledger on PostgreSQL: accounts locked in id order, entries and postings written in one statement each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from funding.adapters.db.schema.ledger_tables import account, entry, posting
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.ledger.book import Book
from funding.domain.ledger.entries import Entry, EntryKind, Posting
from shared.kernel.refusals import Conflict, NotFound

_OPEN = text(
    """INSERT INTO account (id, fund, kind, owner, category)
    SELECT id, fund, kind, owner, category FROM jsonb_populate_recordset(NULL::account, CAST(:rows AS jsonb))
    ORDER BY id ON CONFLICT (id) DO NOTHING RETURNING id"""
)
_LOCK = text("SELECT id, balance FROM account WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")
_OWNED = text(
    "SELECT id, fund, kind, owner, category, balance FROM account WHERE owner = ANY(:owners) ORDER BY id FOR NO KEY UPDATE"
)
_MONTHS = text("INSERT INTO period (id, state, key) VALUES (:id, 'open', :key) ON CONFLICT (key) DO NOTHING")
_KNOWN = text(
    """SELECT
        ARRAY(SELECT source_key FROM entry WHERE source_key = ANY(:keys)) AS posted,
        ARRAY(SELECT reverses FROM entry WHERE reverses = ANY(:reversed)) AS reversed,
        ARRAY(SELECT key FROM period WHERE state = 'closed' AND key = ANY(:periods)) AS closed,
        ARRAY(SELECT key FROM period WHERE key = ANY(:periods)) AS periods"""
)
_PURPOSES = text("SELECT fund, category FROM fund_purpose WHERE fund = ANY(:funds)")
_ENTRIES = text(
    """INSERT INTO entry (id, fund, kind, source_key, booked_on, period, participation, reverses, posted_by, memo,
        session, subject, payee)
    SELECT id, fund, kind, source_key, booked_on, period, participation, reverses, posted_by, memo,
        session, subject, payee
    FROM jsonb_populate_recordset(NULL::entry, CAST(:rows AS jsonb))"""
)
_POSTINGS = text(
    """INSERT INTO posting (entry, account, fund, amount)
    SELECT entry, account, fund, amount FROM jsonb_populate_recordset(NULL::posting, CAST(:rows AS jsonb))"""
)
_MEANINGS = {
    "uq_entry_source_key": ("already-posted", "This was booked before."),
    "uq_entry_reverses": ("already-reversed", "This entry was reversed before."),
    "uq_entry_paid_subject": ("already-posted", "This was paid before."),
    "ledger_period_open": ("period-closed", "The accounting month is closed; book in an open one."),
}


class PostgresBooks:
    """Implements ``Books``. The database refuses again whatever ``Book`` refuses (triggers and constraints).

    Accounts stay locked until the unit is left, so a balance that was read once is known from then on. For a batch of
    events (``foresee``) entries are decided one by one and written together by ``flush``.
    """

    def __init__(self, unit: Any) -> None:
        self._unit = unit
        self._held: dict[Account, int] = {}
        self._purposes: dict[UUID, frozenset[str]] = {}
        self._months: dict[str, bool] = {}
        self._owners: frozenset[str] = frozenset()
        self._unopened: list[Account] = []
        self._unwritten: list[Entry] = []
        self._keys: set[str] = set()

    async def foresee(self, owners: Iterable[str]) -> None:
        """Lock all accounts of these participations, whose own rows the unit holds, so that nobody opens another one.

        From here on entries wait for ``flush``.
        """
        self._owners = frozenset(owners)
        rows = await self._connection.execute(_OWNED, {"owners": sorted(self._owners)})
        self._held |= {read_account(row): row["balance"] for row in rows.mappings()}

    async def flush(self) -> None:
        """Write what waits. Raises ``Conflict``: ``lost-race``, and what ``post`` raises."""
        opened, self._unopened = self._unopened, []
        entries, self._unwritten = self._unwritten, []
        if opened:
            made = await self._connection.execute(_OPEN, {"rows": _json([_account_row(each) for each in opened])})
            if len(made.all()) != len(opened):
                raise Conflict("lost-race", "Somebody else opened an account at the same moment.")
        if entries:
            await self._write(entries)

    async def post(self, entries: Sequence[Entry]) -> None:
        """See ``Books.post``; every entry leaves an entry of the audit trail too (F-06)."""
        accounts = {side.account for each in entries for side in each.postings}
        book = await self._book(entries, await self._open_and_lock(accounts))
        for each in entries:
            book.post(each)
        self._held |= {each: book.balance(each) for each in accounts}
        self._keys |= {each.source_key for each in entries}
        for each in entries:
            self._unit.note("ledger.post", "entry", str(each.id), kind=str(each.kind), source_key=each.source_key)
        if self._owners:
            self._unwritten += entries
        else:
            await self._write(entries)

    async def _write(self, entries: Sequence[Entry]) -> None:
        try:
            await self._connection.execute(_ENTRIES, {"rows": _json([_entry_row(each) for each in entries])})
            sides = [_posting_row(each, side) for each in entries for side in each.postings]
            await self._connection.execute(_POSTINGS, {"rows": _json(sides)})
        except IntegrityError as error:
            raise _meaning(error) from error

    async def balances(self, accounts: Iterable[Account]) -> Mapping[Account, int]:
        """See ``Books.balances``."""
        return await self._open_and_lock(set(accounts))

    async def entry(self, id: UUID) -> Entry:
        """See ``Books.entry``."""
        head = (await self._connection.execute(select(entry).where(entry.c.id == id))).mappings().first()
        if head is None:
            raise NotFound("not-found", "There is no such entry.")
        sides = select(account, posting.c.amount).join(posting, posting.c.account == account.c.id)
        rows = (await self._connection.execute(sides.where(posting.c.entry == id).order_by(account.c.id))).mappings()
        return read_entry(head, list(rows))

    @property
    def _connection(self) -> AsyncConnection:
        connection: AsyncConnection = self._unit.connection
        return connection

    async def _open_and_lock(self, accounts: set[Account]) -> dict[Account, int]:
        new = {each for each in accounts if each.owner in self._owners and each not in self._held}
        self._unopened += new
        self._held |= dict.fromkeys(new, 0)
        by_id = {each.id: each for each in accounts if each not in self._held}
        if by_id:
            found = await self._locked(list(by_id))
            missing = [_account_row(each) for id, each in by_id.items() if id not in found]
            if missing:
                made = {row.id for row in await self._connection.execute(_OPEN, {"rows": _json(missing)})}
                found |= dict.fromkeys(made, 0)
                if raced := [id for id in by_id if id not in found]:
                    found |= await self._locked(raced)
            self._held |= {by_id[id]: balance for id, balance in found.items()}
        return {each: self._held[each] for each in accounts}

    async def _locked(self, ids: list[UUID]) -> dict[UUID, int]:
        return {row.id: row.balance for row in await self._connection.execute(_LOCK, {"ids": ids})}

    async def _book(self, entries: Sequence[Entry], balances: Mapping[Account, int]) -> Book:
        funds = {each.fund for each in entries}
        asked: dict[str, list[Any]] = {
            "keys": [each.source_key for each in entries],
            "reversed": [each.reverses for each in entries if each.reverses],
            "periods": sorted({each.period for each in entries}),
        }
        posted, undone = self._keys, set[UUID]()
        if not self._owners or asked["reversed"] or set(asked["periods"]) - set(self._months):
            known = (await self._connection.execute(_KNOWN, asked)).one()
            for month in sorted(set(asked["periods"]) - set(known.periods)):
                await self._connection.execute(_MONTHS, {"id": self._unit.new_id(), "key": month})
            self._months |= {month: month in known.closed for month in asked["periods"]}
            posted, undone = self._keys | set(known.posted), set(known.reversed)
        if unknown := funds - set(self._purposes):
            purposes: dict[UUID, set[str]] = defaultdict(set)
            for row in await self._connection.execute(_PURPOSES, {"funds": list(unknown)}):
                purposes[row.fund].add(row.category)
            self._purposes |= {fund: frozenset(purposes[fund]) for fund in unknown}
        return Book(
            balances=balances,
            purposes=self._purposes,
            posted=posted,
            reversed_entries=undone,
            closed=[month for month, closed in self._months.items() if closed],
        )


def read_account(row: Mapping[Any, Any]) -> Account:
    """The identity of an account from its row."""
    return Account(row["fund"], AccountKind(row["kind"]), row["owner"], row["category"])


def read_entry(head: Mapping[Any, Any], sides: Iterable[Mapping[Any, Any]]) -> Entry:
    """An entry from its row and the rows of its accounts with ``amount``."""
    return Entry(
        id=head["id"],
        fund=head["fund"],
        kind=EntryKind(head["kind"]),
        source_key=head["source_key"],
        booked_on=head["booked_on"],
        postings=tuple(Posting(read_account(side), side["amount"]) for side in sides),
        posted_by=head["posted_by"],
        participation=head["participation"],
        reverses=head["reverses"],
        memo=head["memo"],
        session=head["session"],
        subject=head["subject"],
        payee=head["payee"],
    )


def _account_row(each: Account) -> dict[str, Any]:
    return {
        "id": str(each.id), "fund": str(each.fund), "kind": str(each.kind), "owner": each.owner, "category": each.category
    }  # fmt: skip


def _entry_row(each: Entry) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "fund": str(each.fund),
        "kind": str(each.kind),
        "source_key": each.source_key,
        "booked_on": each.booked_on.isoformat(),
        "period": each.period,
        "participation": str(each.participation) if each.participation else None,
        "reverses": str(each.reverses) if each.reverses else None,
        "posted_by": each.posted_by,
        "memo": each.memo,
        "session": each.session,
        "subject": str(each.subject) if each.subject else None,
        "payee": each.payee,
    }


def _posting_row(each: Entry, side: Posting) -> dict[str, Any]:
    return {"entry": str(each.id), "account": str(side.account.id), "fund": str(each.fund), "amount": side.amount}


def _json(rows: list[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()


def _meaning(error: IntegrityError) -> Exception:
    name = getattr(getattr(error.orig, "__cause__", None), "constraint_name", None) or ""
    if name in _MEANINGS:
        return Conflict(*_MEANINGS[name])
    return error
