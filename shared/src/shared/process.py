"""Runs the web application of a service under uvicorn, from the command line ``python -m <service>.api``."""

from __future__ import annotations

import argparse
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from shared.logs import configure_logs
from shared.settings import ServiceSettings


def serve(name: str, settings: ServiceSettings, create_app: Callable[[bool], FastAPI]) -> None:
    """Serve until told to stop; ``--with-worker`` runs the worker inside the same process."""
    parser = argparse.ArgumentParser(prog=f"python -m {name}.api", description=f"The {name} API.")
    parser.add_argument("--with-worker", action="store_true", help="run relay, consumer and due clock in this process")
    arguments = parser.parse_args()
    configure_logs(name, settings.log_level)
    uvicorn.run(
        create_app(arguments.with_worker),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=20,
        server_header=False,
    )
