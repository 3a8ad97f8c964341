"""A circuit breaker per upstream: after a row of failures, fail fast for a while, then let one request try."""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """Counts failures in a row of one upstream.

    Args:
        threshold: failures in a row that open the circuit.
        rest: seconds the circuit stays open before one request may try.
        clock: monotonic seconds.
    """

    def __init__(self, *, threshold: int = 5, rest: float = 2.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._threshold = threshold
        self._rest = rest
        self._clock = clock
        self._failures = 0
        self._closed_again_at = 0.0

    def admits(self) -> bool:
        """True when a request may go to the upstream; an open circuit lets one through after its rest."""
        if self._failures < self._threshold:
            return True
        now = self._clock()
        if now < self._closed_again_at:
            return False
        self._closed_again_at = now + self._rest
        return True

    def succeeded(self) -> None:
        """The upstream answered."""
        self._failures = 0

    def failed(self) -> None:
        """The upstream did not answer."""
        self._failures += 1
        if self._failures >= self._threshold:
            self._closed_again_at = self._clock() + self._rest

    @property
    def closed(self) -> bool:
        """True while ``admits`` is, whoever asks how often."""
        return self._failures < self._threshold

    @property
    def is_open(self) -> bool:
        """True while requests are turned away."""
        return self._failures >= self._threshold and self._clock() < self._closed_again_at
