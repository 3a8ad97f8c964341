"""What is measured once a minute in every worker: trail, cases by state and age, keys; a service adds its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

from prometheus_client import Gauge
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.logs import logger

EVERY_SECONDS: Final = 60.0
Measure = Callable[[AsyncConnection], Awaitable[None]]

CHECKPOINT_AGE: Final = Gauge(
    "audit_checkpoint_age_seconds", "How long the oldest entry without a leaf of the audit tree waits", ["service"]
)
CASES: Final = Gauge("cases", "Things by state", ["service", "kind", "state"])
CASE_AGE: Final = Gauge(
    "case_oldest_seconds", "Time since the longest unmoved thing moved", ["service", "kind", "state"]
)
KEY_AGE: Final = Gauge("key_age_seconds", "Time since the file of a key was written", ["service", "key"])
CERTIFICATE_LEFT: Final = Gauge(
    "certificate_remaining_seconds", "Time until a certificate ends", ["service", "certificate"]
)
MEASURED: Final = Gauge("gauges_measured_timestamp_seconds", "When the last round of measuring ended", ["service"])
_log = logger("gauges")
_UNSEALED: Final = text(
    "SELECT COALESCE(EXTRACT(epoch FROM clock_timestamp() - min(a.at)), 0) FROM audit a WHERE a.id > COALESCE("
    "(SELECT audit_id FROM audit_leaf ORDER BY position DESC LIMIT 1), 0)"
)


def begin(service: str) -> None:
    """Show what every service measures from the beginning."""
    for each in (CHECKPOINT_AGE, MEASURED):
        each.labels(service)


class Gauging:
    """Runs measures in turn; a process measures for itself, so that every ``/metrics`` is true on its own."""

    def __init__(self, engine: AsyncEngine, service: str, measures: Sequence[Measure]) -> None:
        self._engine, self._service, self._measures = engine, service, tuple(measures)

    async def run(self, stop: asyncio.Event, beat: Callable[[], None] = lambda: None) -> None:
        """Measure every minute until ``stop`` is set; what fails is logged and tried again a minute later."""
        due = 0.0
        while not stop.is_set():
            beat()
            if time.monotonic() >= due:
                due = time.monotonic() + EVERY_SECONDS
                await self.once()
            try:
                await asyncio.wait_for(stop.wait(), 5.0)
            except TimeoutError:
                continue

    async def once(self) -> None:
        """One round."""
        good = True
        for measure in self._measures:
            try:
                async with self._engine.connect() as connection:
                    await measure(connection)
            except Exception as error:  # noqa: BLE001 - one figure must not take the others along
                good = False
                _log.warning("not measured", error=str(error)[:300], error_type=type(error).__name__)
        if good:
            MEASURED.labels(self._service).set_to_current_time()


def checkpoints(service: str) -> Measure:
    """How far the sealing of the audit trail is behind."""

    async def measure(connection: AsyncConnection) -> None:
        CHECKPOINT_AGE.labels(service).set(float((await connection.execute(_UNSEALED)).scalar_one()))

    return measure


def cases(service: str, *kinds: str) -> Measure:
    """How many things of each table are in which state, and how long the oldest has stood there.

    Args:
        service: for the label.
        kinds: tables with ``state`` and ``updated_at``; a state that nothing is in any more goes back to zero.
    """
    seen: set[tuple[str, str]] = set()

    async def measure(connection: AsyncConnection) -> None:
        found: dict[tuple[str, str], tuple[int, float]] = dict.fromkeys(seen, (0, 0.0))
        for kind in kinds:
            rows = await connection.execute(
                text(
                    "SELECT state, count(*) AS many, EXTRACT(epoch FROM clock_timestamp() - min(updated_at)) AS oldest "  # noqa: S608
                    f'FROM "{kind}" GROUP BY state'
                )
            )
            found |= {(kind, row.state): (row.many, max(0.0, float(row.oldest))) for row in rows}
        seen.update(found)
        for (kind, state), (many, oldest) in found.items():
            CASES.labels(service, kind, state).set(many)
            CASE_AGE.labels(service, kind, state).set(oldest)

    return measure


def keys(service: str, settings: Any) -> Measure:
    """Age of every key file in the settings, and what is left of every certificate."""
    named = {name: path for name, path in dict(settings).items() if isinstance(path, Path) and _holds_key(name)}

    async def measure(_: AsyncConnection) -> None:
        for name, path in named.items():
            if name.endswith("certificates"):
                CERTIFICATE_LEFT.labels(service, name).set(await asyncio.to_thread(_left, path))
            else:
                KEY_AGE.labels(service, name).set(max(0.0, time.time() - path.stat().st_mtime))

    return measure


def _holds_key(name: str) -> bool:
    return name.endswith(("_key", "certificates"))


def _left(path: Path) -> float:
    from cryptography.x509 import load_pem_x509_certificates

    ends = min(each.not_valid_after_utc for each in load_pem_x509_certificates(path.read_bytes()))
    return ends.timestamp() - time.time()
