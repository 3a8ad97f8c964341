"""What is due and how long it has been; the supervisory view of the finance authority (F-07)."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from funding.adapters.db.statements.flows import Flow, Horizon, flows
from funding.adapters.db.statements.supervision import aging, findings_open, funds_watched, near_limits
from funding.adapters.http.shapes.books.statements import AgeBand, AgingOut, NearLimit, SupervisedFund, SupervisionOut
from funding.domain.ledger.figures import WHOLE_FIGURES, amount
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.kernel.money import yuan
from shared.work.unit import PLACE

router = APIRouter(prefix="/v1/funding", tags=["supervision"])
Read = Annotated[Query, Depends(query("account.read"))]
LATE_AFTER = timedelta(days=30)
"""What has been due for longer is overdue."""


@router.get("/statements/aging", response_model=AgingOut, responses=READ_PROBLEMS)
async def aging_today(read: Read, fund: UUID | None = None) -> Response:
    """What is due to be paid and to come back today, by how long it has been due: 0-30, 31-60, 61-90, over 90 days."""
    today = read.running.clock.now().astimezone(PLACE).date()
    to_pay, to_come_back = await aging(read.connection, today, fund)
    shown = AgingOut(
        as_of=today,
        fund=fund,
        to_pay=[AgeBand(band=band, count=count, amount=yuan(fen)) for band, count, fen in to_pay],
        to_come_back=[AgeBand(band=band, count=count, amount=yuan(fen)) for band, count, fen in to_come_back],
    )
    return read.answer(shown)


@router.get("/supervision", response_model=SupervisionOut, responses=READ_PROBLEMS)
async def supervision(read: Read) -> Response:
    """Execution, what is overdue, what is frozen, what the auditor found, and what comes near a limit of approval."""
    today = read.running.clock.now().astimezone(PLACE).date()
    moved: dict[UUID, list[Flow]] = defaultdict(list)
    for flow in await flows(read.connection, Horizon(today)):
        moved[flow.fund].append(flow)
    watched = await funds_watched(read.connection, today - LATE_AFTER)
    severities = await findings_open(read.connection, today)
    near = await near_limits(read.connection, today - timedelta(days=366))
    shown = SupervisionOut(
        as_of=today,
        funds=[
            _fund(row, {figure.name: amount(figure, _parts(moved[row.id])) for figure in WHOLE_FIGURES})
            for row in watched
        ],
        frozen=[row.code for row in watched if row.state == "frozen"],
        findings={row.severity: row.count for row in severities},
        overdue_findings=sum(row.late for row in severities),
        near_limits=[
            NearLimit(
                approval=row.id,
                kind=row.kind,
                amount=yuan(row.amount),
                rolling=yuan(row.rolling_amount),
                limit=yuan(limit),
            )
            for row, limit in near
        ],
    )
    return read.answer(shown)


def _fund(row: Any, figures: dict[str, int]) -> SupervisedFund:
    paid = figures["disbursed"] + figures["reimbursed"]
    promised = paid + figures["instructed"] + figures["committed"]
    return SupervisedFund(
        fund=row.id,
        code=row.code,
        programme=row.programme,
        state=row.state,
        granted=yuan(figures["granted"]),
        allocated=yuan(figures["allocated"]),
        committed=yuan(figures["committed"]),
        paid=yuan(paid),
        balance=yuan(figures["balance"]),
        commitment_rate=_rate(promised, figures["allocated"]),
        execution_rate=_rate(paid, figures["allocated"]),
        overdue=row.overdue,
        overdue_amount=yuan(row.overdue_amount),
        open_findings=row.findings,
    )


def _parts(own: list[Flow]) -> list[tuple[str, str, str, int]]:
    return [(each.kind, each.cause, each.way, each.amount) for each in own]


def _rate(part: int, whole: int) -> str:
    hundredths = 10_000 * part // whole if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}"
