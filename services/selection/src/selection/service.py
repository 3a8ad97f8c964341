"""Selection as a service: routes, rules, unit of work, what it listens to and keeps in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from selection.adapters.db.reads import personal_reads
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.events.consuming import CONSUMES
from selection.adapters.http.messages import ZH
from selection.adapters.http.policy import POLICY
from selection.adapters.http.routes import (
    applications,
    balancing,
    filings,
    judging,
    leaving,
    obligations,
    reviewing,
    rosters,
    seats,
    sessions,
    setup,
)
from selection.adapters.http.routes.panels import deliberating, panels
from selection.adapters.http.routes.people import appeals, persons, vault
from selection.adapters.http.routes.sheets import exports, imports, jobs
from selection.adapters.sheets.steps import STEPS
from selection.usecases.following.release_reserve import release_reserve
from selection.usecases.judging.forget_attestations import forget_attestations
from selection.usecases.leaving.keep_vacancies import keep_vacancies
from selection.usecases.people.keep_retention import UnhurriedRetention
from selection.usecases.people.rewrap_keys import rewrap_keys
from selection.usecases.seating.reserve_seats import expire_seats
from shared.audit.reads import reads_router
from shared.audit.routes import audit_router
from shared.http.running import Running, Service
from shared.identity.signatures import DocumentSigner
from shared.jobs.stepping import job_duties
from shared.messaging.duties import Duty
from shared.messaging.gauging import cases
from shared.messaging.worker import Workload, background
from shared.vault import Vault

_EVERY_SECONDS = 5.0
_FORGET_SECONDS = 600.0
_RETENTION_SECONDS = 3600.0
_DUTIES = [
    Duty("release-reserve", _EVERY_SECONDS, release_reserve),
    Duty("keep-vacancies", _EVERY_SECONDS, keep_vacancies),
    Duty("expire-seats", _EVERY_SECONDS, expire_seats),
    *job_duties(STEPS, keep_files=timedelta(days=14)),
    Duty("forget-attestations", _FORGET_SECONDS, forget_attestations),
    Duty("keep-retention", _RETENTION_SECONDS, UnhurriedRetention()),
    Duty("rewrap-keys", _EVERY_SECONDS, rewrap_keys),
]


@asynccontextmanager
async def _open_vault(running: Running[Any]) -> AsyncIterator[None]:
    """Open vault and signing key before the first request. Raises ``RuntimeError`` without a key."""
    key = running.settings.vault_key
    if key is None:
        raise RuntimeError("SELECTION_VAULT_KEY is needed: selection keeps identity numbers")
    running.extras["signer"] = DocumentSigner(running.settings.signing_key, "selection")
    retired = running.settings.vault_keys_retired
    earlier = (
        [] if retired is None else [each.strip() for each in retired.get_secret_value().split(",") if each.strip()]
    )
    running.extras["vault"] = Vault(key.get_secret_value(), earlier)
    yield


SERVICE: Service[SelectionUnit] = Service(
    name="selection",
    title="Selection: from a call to a fixed, filed roster",
    routers=[
        setup.router,
        sessions.router,
        applications.router,
        reviewing.router,
        judging.router,
        panels.router,
        deliberating.router,
        rosters.router,
        balancing.router,
        audit_router("selection"),
        reads_router("selection", personal_reads()),
        seats.router,
        filings.router,
        imports.router,
        exports.router,
        jobs.router,
        leaving.router,
        persons.router,
        vault.router,
        appeals.router,
        obligations.router,
    ],
    policy=POLICY,
    work=SelectionUnit,
    messages=ZH,
    background=background(
        Workload(CONSUMES, _DUTIES, [cases("selection", "application", "vacancy", "roster", "appeal", "job")])
    ),
    startup=_open_vault,
)
