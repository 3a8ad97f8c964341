"""One attempt: resolve, check, connect to the checked address, post, read little of the answer."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from gateway.domain.webhooks.destination import DestinationRules
from gateway.domain.webhooks.retrying import HEEDED

SECONDS = 20.0
"""For a whole attempt."""
EXCERPT = 200
"""Bytes of an answer that are kept, after everything that could name a person is taken out."""
MOST = 16 * 1024
"""Bytes of an answer that are read at all."""
CONNECTIONS = 256
AGENT = "talent-webhooks/1"

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""Addresses of a host name."""
_NAMING = re.compile(r"[^\x20-\x7e]|[0-9]|\S+@\S+")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to.

    Attributes:
        code: ``ok``, ``status``, ``gone``, ``redirect``, ``timeout``, ``refused-address``, ``tls`` or ``connection``.
        status: of the answer, or None.
        milliseconds: it took.
        excerpt: of the answer, without digits, addresses of mail and anything but ASCII.
        wish: seconds of ``Retry-After``.
    """

    code: str
    status: int | None
    milliseconds: int
    excerpt: str = ""
    wish: float | None = None

    @property
    def good(self) -> bool:
        """True when the receiver took it."""
        return self.code == "ok"


class RefusedAddress(OSError):
    """The name leads to an address that is never spoken to."""


class CheckedResolver(AbstractResolver):
    """Gives the connector only addresses that passed, so that what was checked is what is connected to.

    Args:
        rules: of the operator.
        lookup: the real resolution.
    """

    def __init__(self, rules: DestinationRules, lookup: Lookup) -> None:
        self._rules, self._lookup = rules, lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of ``host``. Raises ``RefusedAddress`` when a single one of them is forbidden."""
        del family
        addresses = await self._lookup(host, port)
        for address in addresses:
            if (why := self._rules.refuses(address)) is not None:
                raise RefusedAddress(f"the name leads to an address that is {why}")
        return [
            ResolveResult(
                hostname=host, host=address, port=port, proto=socket.IPPROTO_TCP, flags=socket.AI_NUMERICHOST,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
            )
            for address in dict.fromkeys(addresses)
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is held."""


async def system_lookup(host: str, port: int) -> list[str]:
    """Addresses by the system's resolver."""
    import asyncio

    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class Sender:
    """Posts; holds the connections. No proxy, no cookies, no redirects, no name cached longer than a connection.

    Args:
        rules: which destinations are allowed, asked at every attempt.
        lookup: name resolution.
        tls: None verifies with the system's authorities; a test hands in its own context.
        seconds: for a whole attempt.
    """

    def __init__(
        self, rules: DestinationRules, lookup: Lookup = system_lookup, tls: Any = None, seconds: float = SECONDS
    ) -> None:
        self.rules = rules
        self._lookup, self._tls, self._seconds = lookup, tls, seconds
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the session."""
        connector = aiohttp.TCPConnector(
            resolver=CheckedResolver(self.rules, self._lookup), use_dns_cache=False, limit=CONNECTIONS,
            limit_per_host=32, ssl=True if self._tls is None else self._tls, keepalive_timeout=10,
        )  # fmt: skip
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=self._seconds, connect=min(10.0, self._seconds)),
            headers={"user-agent": AGENT, "accept-encoding": "identity"},
        )  # fmt: skip

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        """One attempt; everything that can go wrong outside is an outcome."""
        assert self._session is not None
        began = time.monotonic()

        def took() -> int:
            return int((time.monotonic() - began) * 1000)

        if self.rules.judge(url):
            return Outcome("refused-address", None, took())
        try:
            sent = headers | {"content-type": "application/json"}
            async with self._session.post(url, data=body, headers=sent, allow_redirects=False) as answer:
                read = await answer.content.read(MOST)
                kind = "ok" if 200 <= answer.status < 300 else "gone" if answer.status == 410 else "status"
                kind = "redirect" if 300 <= answer.status < 400 else kind
                wish = _seconds(answer.headers.get("retry-after")) if answer.status in HEEDED else None
                return Outcome(kind, answer.status, took(), "" if kind == "ok" else excerpt(read), wish)
        except TimeoutError:
            return Outcome("timeout", None, took())
        except RefusedAddress:
            return Outcome("refused-address", None, took())
        except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError):
            return Outcome("tls", None, took())
        except (aiohttp.ClientError, OSError, ValueError) as error:
            refused = isinstance(error.__cause__, RefusedAddress) or isinstance(
                getattr(error, "os_error", None), RefusedAddress
            )
            return Outcome("refused-address" if refused else "connection", None, took())


def excerpt(body: bytes) -> str:
    """The beginning of an answer as printable ASCII; digits and addresses become ``#``."""
    return _NAMING.sub("#", body[:EXCERPT].decode("latin-1"))


def _seconds(value: str | None) -> float | None:
    """``Retry-After`` in seconds; a date is not heeded, because the two clocks need not agree."""
    return float(value) if value is not None and value.isdigit() and len(value) < 9 else None
