"""The webhooks of a running gateway: what the routes need, and the courier beside the projections."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.adapters.db.webhook_ledger import Ledger, purge
from gateway.adapters.http.webhooks.keeping import Desk
from gateway.adapters.webhooks.courier import LEASE, Courier
from gateway.adapters.webhooks.sending import Sender
from gateway.adapters.webhooks.signing import Secrets, Signer
from gateway.adapters.webhooks.watching import Watch, begin
from gateway.domain.webhooks.destination import DestinationRules
from gateway.domain.webhooks.retrying import PATIENCE, Patience
from gateway.usecases.webhooks import Rules, disable_webhook
from shared.contracts.event import REGISTRY
from shared.http.running import Running
from shared.logs import logger
from shared.messaging.duties import Duty
from shared.vault import Vault

if TYPE_CHECKING:
    from gateway.settings import GatewaySettings

_log = logger("webhooks")
PURGING = Duty("webhook-log", 600.0, purge)
"""Keeps the log of deliveries at thirty days."""
WATCHING = Duty("webhook-watch", 5.0, Watch())
"""Keeps the gauges of this process."""

Background = Callable[[Running[Any]], AbstractAsyncContextManager[None]]


def equip(running: Running[Any], settings: GatewaySettings) -> None:
    """Put what the routes need into ``running.extras``."""
    signer = Signer.of(settings.signing_key)
    secrets = Secrets(_vault(settings))
    destination = DestinationRules(settings.webhook_ports, loopback=settings.webhook_loopback)
    types = frozenset(name for name in REGISTRY if name.startswith("cn.talent."))
    rules = Rules(destination, types, settings.webhooks_per_organisation)
    running.extras |= {"webhook_signer": signer, "webhook_desk": Desk(rules, secrets, signer)}


def _vault(settings: GatewaySettings) -> Vault:
    """The gateway's vault; without a key of its own one that derives from the secret of the cursors."""
    import base64

    if settings.vault_key is not None:
        retired = settings.vault_keys_retired.get_secret_value().split(",") if settings.vault_keys_retired else ()
        return Vault(settings.vault_key.get_secret_value(), retired)
    secret = settings.cursor_secret.get_secret_value().encode()
    return Vault(base64.b64encode(hmac.digest(secret, b"talent-webhooks-vault", hashlib.sha256)).decode())


def courier_of(
    desk: Desk, engine: AsyncEngine, unit: Callable[[str], Any], sender: Sender, *, owner: str, lease: float = LEASE,
    patience: Patience = PATIENCE,
) -> Courier:  # fmt: skip
    """A courier over a database of the gateway; ``unit`` makes units of work of the gateway itself."""

    async def disable(webhook: UUID, reason: str) -> None:
        async with unit(f"webhook:{webhook}:{uuid4()}") as work:
            await disable_webhook(work, webhook, reason, datetime.now(UTC))
        _log.warning("webhook disabled", subject=str(webhook), reason=reason)

    return Courier(Ledger(engine, owner, lease), sender, desk.signer, desk.secrets, disable, patience=patience)


def with_courier(others: Background) -> Background:
    """The background of the gateway: ``others``, and a courier of this process."""

    @asynccontextmanager
    async def run(running: Running[Any]) -> AsyncIterator[None]:
        desk: Desk = running.extras["webhook_desk"]
        settings = cast("GatewaySettings", running.settings)
        begin()
        sender = Sender(desk.rules.destination, seconds=settings.webhook_attempt_seconds)
        patience = Patience(settings.webhook_retries, timedelta(seconds=settings.webhook_give_up_seconds))
        owner = f"{os.environ.get('WORKER_MEMBER') or socket.gethostname()}-{uuid4().hex[:8]}"
        courier = courier_of(
            desk, running.engine, running.system_unit, sender, owner=owner,
            lease=settings.webhook_lease_seconds, patience=patience,
        )  # fmt: skip
        stop = asyncio.Event()
        async with others(running):
            await sender.open()
            task = asyncio.create_task(_keep(courier, stop))
            try:
                yield
            finally:
                stop.set()
                await asyncio.wait([task], timeout=25)
                task.cancel()
                await asyncio.wait([task], timeout=5)
                await sender.close()

    return run


async def _keep(courier: Courier, stop: asyncio.Event) -> None:
    """Run the courier; when the database breaks it, begin again after a second."""
    while not stop.is_set():
        try:
            await courier.run(stop)
        except Exception as error:  # noqa: BLE001 - the process's main loop
            _log.warning("courier broke", error_type=type(error).__name__, error=str(error)[:300])
            try:
                await asyncio.wait_for(stop.wait(), 1.0)
            except TimeoutError:
                continue
