"""The projections as a process of their own: ``python -m gateway.worker``; the door itself stays elsewhere."""

from __future__ import annotations

from gateway.api import create_app
from gateway.settings import GatewaySettings
from shared.logs import configure_logs
from shared.messaging.worker import run_worker

if __name__ == "__main__":
    settings = GatewaySettings()
    configure_logs("gateway", settings.log_level)
    run_worker(create_app(settings, with_worker=True).own)
