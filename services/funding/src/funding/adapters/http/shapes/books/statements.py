"""Shapes of statements: every figure carries the address of its postings."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from shared.http.resources import Resource


class FigureOut(Resource):
    """A figure, signed, and the address of the entries whose amounts sum to it (times ``sign``)."""

    name: str
    amount: str
    sign: int
    postings: str


class StatementRow(Resource):
    """The figures of one value of the dimension; ``(none)`` is what has no value."""

    key: str
    figures: list[FigureOut]


class FundStatementOut(Resource):
    """The statement of a fund as of a day of the books, as it was known at a moment."""

    fund: UUID
    as_of: date
    known_at: datetime | None
    by: str | None
    whole: StatementRow
    rows: list[StatementRow]


class TrialBalanceRow(Resource):
    """All accounts of a kind and category of a fund."""

    fund: UUID
    kind: str
    category: str | None
    debit: str
    credit: str
    balance: str
    postings: str


class TrialBalanceAsOf(Resource):
    """The trial balance as of a day; the books are in balance when debits and credits are equal."""

    as_of: date
    known_at: datetime | None
    balanced: bool
    debit: str
    credit: str
    rows: list[TrialBalanceRow]


class MovingEntry(Resource):
    """An entry, and what it moved of the figure that was asked for."""

    id: UUID
    fund: UUID
    kind: str
    booked_on: date
    participation: UUID | None
    session: str | None
    payee: str | None
    memo: str | None
    amount: str


class AgeBand(Resource):
    """What has been waiting for so many days."""

    band: str
    count: int
    amount: str


class AgingOut(Resource):
    """What is due to be paid and what is due to come back, by how long it has been."""

    as_of: date
    fund: UUID | None
    to_pay: list[AgeBand]
    to_come_back: list[AgeBand]


class NearLimit(Resource):
    """A decision whose rolling sum is just below a limit of its approval."""

    approval: UUID
    kind: str
    amount: str
    rolling: str
    limit: str


class SupervisedFund(Resource):
    """A fund in the eyes of the finance authority; rates are in per cent of what was allocated, two decimals."""

    fund: UUID
    code: str
    programme: str
    state: str
    granted: str
    allocated: str
    committed: str
    paid: str
    balance: str
    commitment_rate: str
    execution_rate: str
    overdue: int
    overdue_amount: str
    open_findings: int


class SupervisionOut(Resource):
    """The supervisory view (F-07)."""

    as_of: date
    funds: list[SupervisedFund]
    frozen: list[str]
    findings: dict[str, int]
    overdue_findings: int
    near_limits: list[NearLimit]
