"""The statement of a fund and the trial balance, computed from postings alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_FLOWS: Final = text(
    """SELECT a.kind AS kind, a.category AS category, e.kind AS cause,
        CASE WHEN a.kind IN ('source', 'granted') THEN a.owner END AS source,
        CASE WHEN a.kind = 'available' THEN a.owner ELSE coalesce(p.session, c.session) END AS session,
        sum(o.amount)::bigint AS amount
    FROM posting o JOIN account a ON a.id = o.account JOIN entry e ON e.id = o.entry
    LEFT JOIN participation p ON p.id = e.participation
    LEFT JOIN claim c ON e.participation IS NULL AND c.id::text = a.owner
    WHERE o.fund = :fund GROUP BY 1, 2, 3, 4, 5"""
)
_KINDS: Final = text("SELECT kind, sum(balance)::bigint AS balance FROM account GROUP BY kind ORDER BY kind")
_PROOF: Final = text(
    """SELECT
        (SELECT coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint FROM posting) AS debit,
        (SELECT coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint FROM posting) AS credit,
        (SELECT count(*) FROM account a WHERE balance <> coalesce(
            (SELECT sum(amount) FROM posting p WHERE p.account = a.id), 0)) AS mismatches"""
)


@dataclass(slots=True)
class Totals:
    """Sums of flows in fen: by kind of account, and by kind of account and cause."""

    balances: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    flows: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, row: Any) -> None:
        """Count a row of flows."""
        self.balances[row.kind] += row.amount
        self.flows[row.kind, row.cause] += row.amount

    def figures(self) -> dict[str, int]:
        """The figures of a statement, in fen."""
        return {
            "approved": self.flows["unallocated", "budgeted"],
            "allocated": self.flows["available", "allocated"] + self.flows["available", "reallocated"],
            "available": self.balances["available"],
            "reserved": self.balances["reserved"],
            "committed": self.balances["committed"],
            "instructed": self.balances["in_transit"],
            "disbursed": self.balances["disbursed"],
            "clawback_due": self.balances["receivable"],
            "clawed_back": self.flows["available", "clawed_back"],
        }

    def source_figures(self) -> dict[str, int]:
        """The figures of a source, in fen."""
        return {
            "granted": self.flows["granted", "granted"] + self.flows["granted", "reversed"],
            "approved": -self.flows["granted", "budgeted"],
            "returned": self.flows["granted", "returned"],
            "unbudgeted": self.balances["granted"],
        }

    @property
    def balance(self) -> int:
        """Everything in the fund that was neither disbursed nor is to come back, in fen."""
        gone = {"source", "disbursed", "receivable"}
        return sum(amount for kind, amount in self.balances.items() if kind not in gone)


@dataclass(slots=True)
class Statement:
    """The flows of a fund, whole and by what they are asked by."""

    whole: Totals
    by_category: dict[str, Totals]
    by_session: dict[str, Totals]
    by_source: dict[str, Totals]


async def statement_of(connection: AsyncConnection, fund: UUID) -> Statement:
    """The statement of a fund as of now."""
    rows = (await connection.execute(_FLOWS, {"fund": fund})).all()
    whole = Totals()
    for row in rows:
        whole.add(row)
    return Statement(
        whole=whole,
        by_category=_grouped(rows, lambda row: row.category),
        by_session=_grouped(rows, lambda row: row.session),
        by_source=_grouped(rows, lambda row: row.source),
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves the books: sums of both sides and how many balances are not the sum of their postings."""

    debit: int
    credit: int
    mismatches: int
    by_kind: dict[str, int]

    @property
    def total(self) -> int:
        """The sum of all balances in fen; zero."""
        return sum(self.by_kind.values())

    @property
    def balanced(self) -> bool:
        """True when nothing is amiss."""
        return self.total == 0 and self.debit == self.credit and self.mismatches == 0


async def proof(connection: AsyncConnection) -> Proof:
    """The trial balance over all funds."""
    sums = (await connection.execute(_PROOF)).one()
    kinds = (await connection.execute(_KINDS)).all()
    return Proof(sums.debit, sums.credit, sums.mismatches, {row.kind: row.balance for row in kinds})


def _grouped(rows: Iterable[Any], key: Callable[[Any], str | None]) -> dict[str, Totals]:
    found: dict[str, Totals] = defaultdict(Totals)
    for row in rows:
        if (name := key(row)) is not None:
            found[name].add(row)
    return dict(sorted(found.items()))
