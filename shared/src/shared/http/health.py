"""Probes and metrics: liveness looks at no dependency, readiness at the database only, start-up at its schema.

Start-up is asked until it was true once (events.md 6.3).
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from shared.http.running import Running
from shared.work.schema import revision_of, schema_of

_STALLED_SECONDS = 30.0
_CACHED_SECONDS = 2.0
_FAILURES_TO_FLIP = 3


def health_routes(running: Running[Any]) -> APIRouter:
    """``/health/live``, ``/health/ready``, ``/health/startup`` and ``/metrics`` of one running service."""
    router = APIRouter(include_in_schema=False)
    seen = {"at": 0.0, "failures": 0, "started": 0}

    @router.get("/health/live")
    async def live() -> Response:
        """The event loop answers and every background task moved lately; no dependency, ever."""
        stalled = sorted(name for name, age in running.beats().items() if age > _STALLED_SECONDS)
        return Response(f"stalled: {', '.join(stalled)}" if stalled else "alive", 503 if stalled else 200)

    @router.get("/health/ready")
    async def ready() -> Response:
        """This process can serve: the pool hands out a connection and it is not draining."""
        if running.draining:
            return Response("draining", 503)
        if time.monotonic() - seen["at"] > _CACHED_SECONDS:
            try:
                async with asyncio.timeout(2), running.engine.connect() as connection:
                    await connection.execute(text("SELECT 1"))
                seen["failures"] = 0
            except Exception:  # noqa: BLE001 - any failure means the same here
                seen["failures"] += 1
            seen["at"] = time.monotonic()
        return Response("ready") if seen["failures"] < _FAILURES_TO_FLIP else Response("no database", 503)

    @router.get("/health/startup")
    async def startup() -> Response:
        """The database is at this release's schema or at a newer one; settings, keys and policy were checked before."""
        if not seen["started"]:
            try:
                async with asyncio.timeout(2), running.engine.connect() as connection:
                    at = await revision_of(connection)
            except Exception:  # noqa: BLE001 - any failure means the same here
                return Response("no database", 503)
            schema = schema_of(running.service.name)
            if not schema.is_met(at):
                return Response(f"the database is at schema {at or 'none'}, {schema.head} is needed", 503)
            seen["started"] = 1
        return Response("started")

    @router.get("/metrics")
    async def metrics() -> Response:
        """Prometheus metrics of this process."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
