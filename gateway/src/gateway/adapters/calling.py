"""The HTTP client of the few calls that the gateway makes on its own account; what it forwards goes another way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import aiohttp
import orjson

from shared.kernel.actor import Actor

UNANSWERED = (OSError, aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError)
"""What reading a service may end with when it is away or says what nobody expected."""


class Signer(Protocol):
    """Signs internal tokens."""

    def sign(self, actor: Actor, audience: str) -> str:
        """A token for ``audience`` that lives sixty seconds."""
        ...


class Services:
    """Asks services on behalf of a caller; what the caller may see there, the service decides.

    Args:
        upstreams: address of each service.
        session: the pool of the door.
        signer: speaks for the caller to the services.
    """

    def __init__(self, upstreams: Mapping[str, str], session: aiohttp.ClientSession, signer: Signer) -> None:
        self._upstreams = {name: address.rstrip("/") for name, address in upstreams.items()}
        self._session = session
        self._signer = signer
        self.names = sorted(upstreams)

    async def get(self, service: str, actor: Actor, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """The object at ``/v1/<service>/<path>``.

        Raises:
            aiohttp.ClientResponseError: another answer than 200; ``status`` says which.
            OSError, aiohttp.ClientError, ValueError: no answer, or none that is JSON (``UNANSWERED``).
        """
        headers = {"authorization": f"Bearer {self._signer.sign(actor, service)}", "accept": "application/json"}
        url = f"{self._upstreams[service]}/v1/{service}/{path}"
        async with self._session.get(url, params=query, headers=headers, allow_redirects=False) as response:
            body = await response.read()
            if response.status != 200:
                raise aiohttp.ClientResponseError(response.request_info, (), status=response.status)
        found: dict[str, Any] = orjson.loads(body)
        return found


def open_session() -> aiohttp.ClientSession:
    """A client with a pool; idle connections are dropped long before the services drop them (75 s)."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, limit_per_host=256, keepalive_timeout=20.0, ttl_dns_cache=30),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        raise_for_status=False,
    )
