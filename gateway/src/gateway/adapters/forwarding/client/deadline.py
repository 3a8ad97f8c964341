"""One timer for many exchanges."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls ``due`` at the latest when it was last told to; it may call earlier, so ``due`` looks for itself.

    A timer that was set for one exchange serves the next, too: most never set one of their own.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, due: Callable[[], None]) -> None:
        self._loop, self._due = loop, due
        self._timer: asyncio.TimerHandle | None = None
        self._at = 0.0

    def at(self, when: float) -> None:
        """Have it go off at ``when`` (of the loop) or before."""
        if self._timer is not None:
            if self._at <= when:
                return
            self._timer.cancel()
        self._at = when
        self._timer = self._loop.call_at(when, self._off)

    def forget(self) -> None:
        """Never mind."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _off(self) -> None:
        self._timer = None
        self._due()
