"""The routes of funding."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from funding.adapters.http.routes import (
    approvals,
    audit,
    budgets,
    claims,
    cost_objects,
    disbursements,
    freezes,
    funds,
    instalments,
    ledger,
    participations,
    policies,
    reallocations,
    returns,
    statements,
    supervision,
    tracing,
)

ROUTERS: Final[list[APIRouter]] = [
    policies.router,
    funds.router,
    budgets.router,
    approvals.router,
    reallocations.router,
    tracing.router,
    freezes.router,
    participations.router,
    instalments.router,
    claims.router,
    cost_objects.router,
    disbursements.router,
    returns.router,
    ledger.router,
    audit.router,
    statements.router,
    supervision.router,
]
