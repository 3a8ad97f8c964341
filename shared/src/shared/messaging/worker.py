"""Relay, consumer and due clock of one service in one asyncio process, inside the API or by themselves."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from shared.audit.sealing import sealing
from shared.contracts.event import REGISTRY, Event, topic_of
from shared.eventlog.factory import open_event_log
from shared.eventlog.port import EventLog, EventLogError
from shared.logs import configure_logs, logger
from shared.messaging import gauging, metrics
from shared.messaging.applying import Applier, Handler, UnitFactory
from shared.messaging.consumer import Consumer
from shared.messaging.duties import RETENTION, DueClock, Duty
from shared.messaging.gauging import Measure
from shared.messaging.parking import parked
from shared.messaging.relay import Relay

if TYPE_CHECKING:
    from fastapi import FastAPI

    from shared.http.running import Running

_DRAIN_SECONDS: Final = 20.0
_PENDING_SECONDS: Final = 1.0
_log = logger("worker")

Task = Callable[[asyncio.Event, Callable[[], None]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Workload:
    """What a service does in the background besides relaying: its handlers, its duties, what it measures every minute."""

    consumes: Mapping[type[Event], Handler] = field(default_factory=dict)
    duties: Sequence[Duty] = ()
    measures: Sequence[Measure] = ()

    @property
    def topics(self) -> list[str]:
        """The topics of everything that is consumed."""
        return sorted({topic_of(contract.service) for contract in self.consumes})


class Worker:
    """The background tasks of one process.

    Args:
        service: the service's name: its topic, its consumer group, its source.
        engine: of the service's database.
        unit: makes units of work of the service itself.
        log: the event log; closed with the worker.
        workload: handlers and duties.
        member: name of this process across restarts, unique among the service's processes.
    """

    def __init__(
        self,
        service: str,
        engine: AsyncEngine,
        unit: UnitFactory,
        log: EventLog,
        workload: Workload,
        *,
        member: str,
    ) -> None:
        self._service, self._engine, self._log, self._workload = service, engine, log, workload
        self._beats: dict[str, float] = {}
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.relay = Relay(engine, log, service, owner=member)
        runs: dict[str, Task] = {"relay": self.relay.run}
        duties = [RETENTION, *workload.duties]
        gauging.begin(service)
        runs["gauges"] = gauging.Gauging(engine, service, workload.measures).run
        metrics.begin(service, service if workload.consumes else None)
        if workload.consumes:
            applier = Applier(service, workload.consumes)
            consumer = Consumer(log, unit, applier, workload.topics, member=member)
            runs["consumer"] = consumer.run

            async def watch(work: Any) -> int:
                await parked(work.connection, service)
                return await consumer.pending.retry()

            duties.append(Duty("pending-events", _PENDING_SECONDS, watch))
        runs["duties"] = DueClock(unit, duties, service).run
        self._runs = runs

    def start(self) -> None:
        """Start the tasks; they wait by themselves for database and log."""
        self._tasks = [asyncio.create_task(self._keep(name, run), name=name) for name, run in self._runs.items()]

    async def stop(self) -> None:
        """Drain within 20 s: the relay gives its lease back, the consumer commits and leaves; then close the log."""
        self._stop.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_DRAIN_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=5)
        await self._log.close()

    def ages(self) -> dict[str, float]:
        """Seconds since each task last moved, for the liveness probe."""
        now = time.monotonic()
        return {name: now - at for name, at in self._beats.items()}

    async def _keep(self, name: str, run: Task) -> None:
        """Run a task; when it breaks, log it and start it again after a growing pause of at most 5 s."""
        failures = 0
        while not self._stop.is_set():
            self._beats[name] = began = time.monotonic()
            try:
                if name in {"relay", "consumer"}:
                    await self._log.ensure_topics({*published_by(self._service), *self._workload.topics})
                await run(self._stop, lambda: self._beats.__setitem__(name, time.monotonic()))
            except Exception as error:  # noqa: BLE001 - the process's main loop
                failures = 1 if time.monotonic() - began > 60 else failures + 1
                say = _log.warning if isinstance(error, EventLogError) else _log.exception
                say("task broke", name=name, error=str(error)[:500], error_type=type(error).__name__, attempts=failures)
                try:
                    await asyncio.wait_for(self._stop.wait(), min(5.0, 0.2 * 2**failures))
                except TimeoutError:
                    continue


def published_by(service: str) -> set[str]:
    """The topic of a service that publishes, none of one that only reads (the gateway)."""
    return {topic_of(service) for contract in REGISTRY.values() if contract.service == service}


def background(workload: Workload) -> Callable[[Running[Any]], AbstractAsyncContextManager[None]]:
    """For ``Service.background``: runs the workload inside the process of the running service."""

    @asynccontextmanager
    async def run(running: Running[Any]) -> AsyncIterator[None]:
        name = running.service.name
        member = f"{name}-{os.environ.get('WORKER_MEMBER') or socket.gethostname()}"
        log = open_event_log(running.settings.event_log_url)
        kept = replace(
            workload,
            duties=[*workload.duties, sealing(name, running.settings.signing_key)],
            measures=[gauging.checkpoints(name), gauging.keys(name, running.settings), *workload.measures],
        )
        worker = Worker(name, running.engine, running.system_unit, log, kept, member=member)
        worker.start()
        running.wake, running.beats = worker.relay.wake, worker.ages
        try:
            yield
        finally:
            running.wake, running.beats = (lambda: None), dict
            await worker.stop()

    return run


def run_worker(app: FastAPI) -> None:
    """Run the background tasks of ``app`` without its routes; only probes and metrics are served.

    Args:
        app: from ``build_app(..., with_worker=True)``.
    """
    import uvicorn
    from fastapi import FastAPI

    from shared.http.health import health_routes

    running: Running[Any] = app.state.running
    configure_logs(running.service.name, running.settings.log_level)
    probes = FastAPI(lifespan=app.router.lifespan_context, openapi_url=None)
    probes.include_router(health_routes(running))
    settings = running.settings
    uvicorn.run(probes, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False)
