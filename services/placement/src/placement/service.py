"""What placement is: routes, policy table, unit of work, and what it does in the background."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.events.consuming import CONSUMES
from placement.adapters.http.messages import ZH
from placement.adapters.http.policy import POLICY
from placement.adapters.http.routes import (
    agreements,
    classes,
    hosts,
    mentorships,
    missions,
    obligations,
    offers,
    online,
    pairing,
    placements,
    plans,
    policies,
    pretraining,
    reports,
    runs,
    terms,
)
from placement.adapters.http.routes.due import ROUTERS as DUE_ROUTERS
from placement.adapters.http.routes.sheets import ROUTERS as SHEET_ROUTERS
from placement.adapters.http.routes.year import DUTIES as YEAR_DUTIES
from placement.adapters.http.routes.year import ROUTERS as YEAR_ROUTERS
from placement.adapters.jobs.steps import STEPS
from placement.usecases.agreements.end_agreements import expire_agreements
from placement.usecases.escalations.raise_overdue import raise_overdue
from placement.usecases.reports.handle_reports import mark_overdue
from shared.audit.routes import audit_router
from shared.http.running import Running, Service
from shared.identity.signatures import DocumentSigner
from shared.jobs.routes import job_router
from shared.jobs.stepping import job_duties
from shared.messaging.duties import Duty
from shared.messaging.gauging import cases
from shared.messaging.worker import Workload, background
from shared.vault import Vault


async def _expire_agreements(work: Any) -> int:
    return await expire_agreements(work)


@asynccontextmanager
async def _open_signer(running: Running[Any]) -> AsyncIterator[None]:
    """Read the signing key, and the vault's where there is one, before the first request."""
    key, retired = running.settings.vault_key, running.settings.vault_keys_retired
    if key is not None:
        earlier = [each.strip() for each in (retired.get_secret_value() if retired else "").split(",") if each.strip()]
        running.extras["vault"] = Vault(key.get_secret_value(), earlier)
    running.extras["signer"] = DocumentSigner(running.settings.signing_key, "placement")
    yield


async def _mark_overdue(work: Any) -> int:
    return await mark_overdue(work)


async def _raise_overdue(work: Any) -> int:
    return await raise_overdue(work)


WORKLOAD = Workload(
    consumes=CONSUMES,
    duties=[
        Duty("overdue-reports", 5.0, _mark_overdue),
        Duty("expire-agreements", 5.0, _expire_agreements),
        *YEAR_DUTIES,
        Duty("escalations", 60.0, _raise_overdue),
        *job_duties(STEPS, keep_files=timedelta(days=14)),
    ],
    measures=[cases("placement", "placement", "offer", "agreement", "job")],
)

SERVICE: Service[SqlPlacementWork] = Service(
    name="placement",
    title="Placement",
    routers=[
        policies.router, *SHEET_ROUTERS, hosts.router, offers.router, runs.router, placements.router, terms.router,
        pretraining.router, pretraining.invitations, *agreements.ROUTERS, mentorships.router, plans.router,
        reports.router, obligations.router, pairing.router,
        *YEAR_ROUTERS,
        *classes.ROUTERS,
        *DUE_ROUTERS,
        missions.router, online.router,
        job_router("placement", tables.job), audit_router("placement"),
    ],
    policy=POLICY,
    work=SqlPlacementWork,
    messages=ZH,
    background=background(WORKLOAD),
    startup=_open_signer,
)  # fmt: skip
