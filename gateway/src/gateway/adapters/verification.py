"""Public verification: one question to the assessment service, throttled per address, the same answer for all doubts."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import orjson
from cachetools import TTLCache

from gateway.adapters.refusals import TooMany, UpstreamDown
from shared.kernel.refusals import Malformed

PATH = "/v1/assessment/verifications"
MEMBERS = ("status", "name", "programme", "issued_on", "valid_until", "replaced_by")
"""What may be said to the public, and nothing else."""

_FILLERS = re.compile(r"[\s·.\-]+")


class Throttle:
    """A token bucket per client address, or per certificate number.

    Args:
        per_minute: questions that are answered in a minute; half of them may come at once.
        clock: monotonic seconds.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._burst = max(1.0, per_minute / 2)
        self._clock = clock
        self._buckets: TTLCache[str, tuple[float, float]] = TTLCache(100_000, ttl=600, timer=clock)

    def take(self, address: str) -> None:
        """Count one question of a client. Raises ``TooMany`` with the seconds after which the next is welcome."""
        self._take(network(address))

    def take_number(self, number: str) -> None:
        """Count one question about a number, known or not, whoever asks; guessing a name is slow from many addresses, too.

        Raises:
            TooMany: see ``take``.
        """
        self._take(hashlib.sha256(_FILLERS.sub("", number).upper().encode()).hexdigest())

    def _take(self, key: str) -> None:
        now = self._clock()
        tokens, since = self._buckets.get(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._rate)
        if tokens < 1:
            raise TooMany(
                "too-many-requests", "Too many questions; wait a moment.",
                retry_after=max(1, round((1 - tokens) / self._rate)),
            )  # fmt: skip
        self._buckets[key] = (tokens - 1, now)


def network(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


class Verifications:
    """Asks the assessment service.

    Args:
        address: where assessment listens.
        session: the pool of the door.
    """

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self._url = address.rstrip("/") + PATH
        self._session = session

    async def ask(self, question: Mapping[str, str], locale: str) -> dict[str, Any]:
        """The public answer to one question: ``{number, name}``, ``{token}`` or ``{credential}``.

        Raises:
            Malformed: ``malformed-number`` when the number cannot be one; other codes of the service as they come.
            UpstreamDown: assessment does not answer.
        """
        headers = {"content-type": "application/json", "accept-language": locale}
        try:
            async with self._session.post(
                self._url, data=orjson.dumps(dict(question)), headers=headers, timeout=aiohttp.ClientTimeout(total=10),
                allow_redirects=False,
            ) as response:  # fmt: skip
                content = orjson.loads(await response.read())
                status = response.status
        except (OSError, aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise _down() from error
        if status == 200:
            return {name: content.get(name) for name in MEMBERS}
        if status == 400:
            raise Malformed(str(content.get("code", "bad-request")), str(content.get("detail", "")))
        raise _down()


def _down() -> UpstreamDown:
    return UpstreamDown("upstream-down", "Verification is not available right now; try again shortly.", retry_after=5)
