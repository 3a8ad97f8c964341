"""What a running service holds: engine, clock, keys, policy; made at start-up, never at import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.http.cursors import Cursors
from shared.http.problems import Wording
from shared.identity.tokens import TokenVerifier
from shared.kernel.actor import system
from shared.kernel.clock import Clock
from shared.settings import ServiceSettings
from shared.work.policy import PolicyTable
from shared.work.unit import Circumstances, UnitOfWork

W = TypeVar("W", bound=UnitOfWork)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Generic[W]):
    """A service as it is written: its name, web face, rules and unit of work.

    Attributes:
        name: ``selection``; audience of tokens, source of events, first segment of paths.
        title: for the OpenAPI document.
        routers: the guarded routes.
        policy: the policy table.
        work: the service's unit of work.
        messages: Chinese wordings by code.
        background: opened with the service when the worker runs inside the same process; gets the running service.
        startup: opened with the API; gets the running service, may fill ``running.extras``.
    """

    name: str
    title: str
    routers: Sequence[APIRouter]
    policy: PolicyTable
    work: type[W]
    messages: Mapping[str, str] = field(default_factory=dict)
    background: Callable[[Running[Any]], AbstractAsyncContextManager[Any]] | None = None
    startup: Callable[[Running[Any]], AbstractAsyncContextManager[Any]] | None = None


@dataclass(slots=True, kw_only=True)
class Running(Generic[W]):
    """A service that runs; found at ``request.app.state.running``.

    Attributes:
        wake: called after every commit; a worker in the same process replaces it to relay at once.
        beats: name of each background task → seconds since it last moved, for the liveness probe.
        extras: what a service's own ``startup`` puts here (vault, signer, callers).
    """

    service: Service[W]
    settings: ServiceSettings
    engine: AsyncEngine
    clock: Clock
    tokens: TokenVerifier
    cursors: Cursors
    wording: Wording
    wake: Callable[[], None] = lambda: None
    beats: Callable[[], dict[str, float]] = dict
    draining: bool = False
    extras: dict[str, Any] = field(default_factory=dict)

    def unit(self, circumstances: Circumstances) -> W:
        """A unit of work under ``circumstances``."""
        unit = self.service.work(self.engine, self.clock, circumstances)
        unit.running = self  # type: ignore[attr-defined]
        return unit

    def system_unit(self, seed: str) -> W:
        """A unit of work of the service itself, for events and the due clock; ids derive from ``seed``."""
        return self.unit(Circumstances(system(self.service.name), seed=seed))


def running_of(request: Request) -> Running[Any]:
    """The running service behind a request."""
    running: Running[Any] = request.app.state.running
    return running
