"""The HTTP client of the few calls that the gateway makes on its own account; what it forwards goes another way."""

from __future__ import annotations

import aiohttp


def open_session() -> aiohttp.ClientSession:
    """A client with a pool; idle connections are dropped long before the services drop them (75 s)."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, limit_per_host=256, keepalive_timeout=20.0, ttl_dns_cache=30),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        raise_for_status=False,
    )
