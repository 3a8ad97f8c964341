"""Where a request comes from."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any


class Addresses:
    """Finds the address of a client.

    Args:
        trusted: addresses or networks of proxies whose ``X-Forwarded-For`` is believed (in a cluster proxies come and go
            within a network).

    Raises:
        ValueError: something that is neither.
    """

    def __init__(self, trusted: frozenset[str]) -> None:
        self._networks = [ip_network(each) for each in sorted(trusted)]
        self._trusts = lru_cache(maxsize=4096)(self._within)

    def _within(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks if network.version == found.version)

    def of(self, scope: MutableMapping[str, Any]) -> str:
        """The address of an ASGI request; a forwarded address is believed only when a trusted proxy says it."""
        client = scope.get("client")
        address = str(client[0]) if client else "unknown"
        if not self._trusts(address):
            return address
        said = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        for hop in reversed(",".join(said).split(",")):
            if not self._trusts(address) or not hop.strip():
                break
            address = hop.strip()
        return address
