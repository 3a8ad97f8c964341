"""What is known of a request while it is forwarded, kept in its ASGI scope, and what is written down at its end."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, Final

from gateway.adapters.forwarding.table import Route
from gateway.adapters.tracing import answered, around_of, trace_of
from shared.http.observing import note_request

CALLER: Final = "talent.caller"
"""Member of the scope that holds the verified caller, where the door has looked already."""
BEGAN: Final = "talent.began"
"""Member that holds the ``perf_counter`` at which forwarding began, when it did not begin just now."""
TRIED: Final = "talent.tried"
"""Member that holds how a first attempt failed."""


def note(scope: MutableMapping[str, Any], route: Route | None, status: int, seconds: float) -> None:
    """Count, time and log one forwarded request, with the row, not the path; name its span."""
    name = route.prefix if route else "unmatched"
    answered(scope["method"], name, status)
    around = around_of(scope.get(CALLER), trace_of(scope))
    note_request("gateway", scope["method"], name, status, seconds, around)
