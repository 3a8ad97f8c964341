"""The routes of funding."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from funding.adapters.http.routes import policies
from funding.adapters.http.routes.books import audit, ledger, statements, supervision, tracing
from funding.adapters.http.routes.due import obligations
from funding.adapters.http.routes.funds import approvals, budgets, freezes, funds, reallocations
from funding.adapters.http.routes.payments import (
    claims,
    cost_objects,
    disbursements,
    instalments,
    participations,
    returns,
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
    obligations.router,
]
