"""Where a request comes from."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any


class Addresses:
    """Finds the address of a client.

    Args:
        trusted: addresses of proxies whose ``X-Forwarded-For`` is believed.
    """

    def __init__(self, trusted: frozenset[str]) -> None:
        self._trusted = trusted

    def of(self, scope: MutableMapping[str, Any]) -> str:
        """The address of an ASGI request; a forwarded address is believed only when a trusted proxy says it."""
        client = scope.get("client")
        address = str(client[0]) if client else "unknown"
        if address not in self._trusted:
            return address
        said = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        for hop in reversed(",".join(said).split(",")):
            if address not in self._trusted or not hop.strip():
                break
            address = hop.strip()
        return address
