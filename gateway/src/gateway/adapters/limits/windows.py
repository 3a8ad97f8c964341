"""Counting in a sliding window: in the memory of this process, or in a storage that all replicas share."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from limits import RateLimitItem
from limits.errors import StorageError

from shared.logs import logger

_log = logger("limits")


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit: ``amount`` requests in any ``seconds``."""

    amount: int
    seconds: int


class Standing(NamedTuple):
    """Where a client stands after one request.

    Attributes:
        allowed: False when the request was one too many; it was not counted then.
        remaining: requests that may follow at once.
        reset: seconds until the window turns, or until the next request is welcome when this one was not.
    """

    allowed: bool
    remaining: int
    reset: float


class Counter(Protocol):
    """Counts requests by key."""

    async def count(self, key: str, quota: Quota) -> Standing:
        """Count one request."""
        ...


class MemoryWindows:
    """A sliding window counter with two numbers per client; every request costs the same however many clients there are.

    The requests of the window before count in proportion to how much of it still lies within the sliding window.

    Args:
        clock: seconds; wall or monotonic.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._counts: dict[str, tuple[int, int, int]] = {}  # key → (number of the window, its count, the one before)
        self._aged: dict[str, tuple[int, int, int]] = {}
        self._turn = 0.0
        self._longest = 60

    async def count(self, key: str, quota: Quota) -> Standing:
        """See ``Counter.count``."""
        return self.count_now(key, quota)

    def count_now(self, key: str, quota: Quota) -> Standing:
        """Count one request without waiting for anything."""
        now = self._clock()
        self._age(now, quota.seconds)
        number, passed = divmod(now, quota.seconds)
        window, current, before = self._counts.get(key) or self._aged.get(key) or (0, 0, 0)
        if window != number:
            before = current if window == number - 1 else 0
            current = 0
        weighted = before * (1 - passed / quota.seconds) + current
        if math.floor(weighted) + 1 > quota.amount:
            return Standing(False, 0, _wait(quota, current, before, passed))
        self._counts[key] = (int(number), current + 1, before)
        return Standing(True, quota.amount - math.floor(weighted) - 1, quota.seconds - passed)

    def _age(self, now: float, seconds: int) -> None:
        """Forget who was silent for two of the longest windows: the dictionaries change places and one is emptied."""
        self._longest = max(self._longest, seconds)
        if now >= self._turn:
            self._aged, self._counts = self._counts, {}
            self._turn = now + 2 * self._longest


def _wait(quota: Quota, current: int, before: int, passed: float) -> float:
    """Seconds until the weighted count leaves room for one more."""
    if current < quota.amount and before:
        return max(0.0, (1 - (quota.amount - current) / before) * quota.seconds - passed) + 0.001
    return quota.seconds - passed + max(0.0, 1 - quota.amount / max(current, 1)) * quota.seconds + 0.001


class SharedWindows:
    """The same window in a storage of the library ``limits``, named by its URI; while that is away, this process counts.

    Args:
        uri: for example ``async+redis://limits:6379/0``.
        fallback: counts while the storage does not answer: the door does not close because a counter is down.
    """

    def __init__(self, uri: str, fallback: MemoryWindows) -> None:
        from limits.aio.strategies import SlidingWindowCounterRateLimiter
        from limits.storage import storage_from_string

        self._strategy = SlidingWindowCounterRateLimiter(storage_from_string(uri, wrap_exceptions=True))
        self._fallback = fallback

    async def count(self, key: str, quota: Quota) -> Standing:
        """See ``Counter.count``."""
        from limits import RateLimitItemPerSecond

        item: RateLimitItem = RateLimitItemPerSecond(quota.amount, quota.seconds)
        try:
            allowed = await self._strategy.hit(item, key)
            stats = await self._strategy.get_window_stats(item, key)
        except (StorageError, OSError, TimeoutError) as error:
            _log.warning("limits are counted here alone", reason=type(error).__name__)
            return self._fallback.count_now(key, quota)
        return Standing(allowed, int(stats.remaining) if allowed else 0, max(0.0, stats.reset_time - time.time()))
