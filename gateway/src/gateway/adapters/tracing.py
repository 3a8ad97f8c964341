"""The trace of a request begins at the door; what callers send is linked to, never continued."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, Final

from gateway.adapters.forwarding import headers as crossing
from gateway.adapters.identity.verification import Caller
from shared.telemetry import spans
from shared.telemetry.naming import role_class
from shared.telemetry.surroundings import Surroundings

TRACE: Final = "talent.trace"
"""Member of the ASGI scope that holds the request's own ``traceparent``."""
ENTERED: Final = "talent.entered"
"""Member that holds ``Entered``, while there is a span that was begun before the request was called for."""
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@contextmanager
def entering(scope: MutableMapping[str, Any]) -> Iterator[None]:
    """The span of one request from outside; without a collector only the id of a trace, for services and logs."""
    if not spans.active():
        scope[TRACE] = scope.get(TRACE) or crossing.new_trace()
        yield
        return
    money = scope["path"].startswith("/v1/funding") and scope["method"] not in _READING
    attributes = {"http.request.method": scope["method"]} | ({spans.MONEY: True} if money else {})
    outside = crossing.one(scope["headers"], b"traceparent")
    with spans.span(scope["method"], "SERVER", links=[outside], attributes=attributes):
        scope[TRACE] = spans.traceparent() or crossing.new_trace()
        yield


class Entered:
    """``entering`` for a request that goes on in callbacks: its span stays at hand in a context of its own.

    Args:
        scope: of the request; holds this under ``ENTERED`` from then on.
    """

    def __init__(self, scope: MutableMapping[str, Any]) -> None:
        self._context, self._span = copy_context(), entering(scope)
        self._context.run(self._span.__enter__)
        scope[ENTERED] = self

    def leave(self, last: Callable[[], None]) -> None:
        """Do the last thing within the span, and end it."""
        try:
            self._context.run(last)
        finally:
            self._context.run(self._span.__exit__, None, None, None)

    async def carry(self, serving: Coroutine[Any, Any, None]) -> None:
        """Serve the request within the span after all, and end it."""
        try:
            await asyncio.get_running_loop().create_task(serving, context=self._context)
        finally:
            self.leave(lambda: None)


def enter(scope: MutableMapping[str, Any]) -> None:
    """Begin what ``entering`` begins; who is done with the request ends it by way of ``ENTERED``, if that is there."""
    if spans.active():
        Entered(scope)
    else:
        scope[TRACE] = crossing.new_trace()


def around_of(caller: Caller | None, trace: str) -> Surroundings:
    """Who asks and in which trace, for the log line and the metrics of a forwarded request."""
    found = Surroundings(trace=trace.split("-")[1])
    if caller is not None:
        found.principal, found.org = caller.actor.subject, caller.actor.organisation or None
        found.role = role_class(caller.actor)
    return found


def trace_of(scope: MutableMapping[str, Any]) -> str:
    """The ``traceparent`` under which a request goes on inside."""
    return scope.get(TRACE) or crossing.new_trace()


def answered(method: str, route: str, status: int) -> None:
    """Say on the span of the request where it went and how it was answered."""
    if spans.active():
        spans.mark(f"{method} {route}", failed=status >= 500, http__route=route, http__response__status_code=status)
