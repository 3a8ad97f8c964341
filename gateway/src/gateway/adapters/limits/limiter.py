"""The limiter of the door: counts every request and says on every answer where the client stands.

The fields are those of draft-ietf-httpapi-ratelimit-headers-10: ``RateLimit-Policy: "read";q=3000;w=60`` and
``RateLimit: "read";r=2999;t=42``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from limits import parse

from gateway.adapters.limits.kinds import Kind
from gateway.adapters.limits.windows import Counter, MemoryWindows, Quota, SharedWindows, Standing
from gateway.adapters.refusals import TooMany

Header = tuple[bytes, bytes]

LIMITS: dict[str, str] = {
    "read": "3000/minute", "write": "1800/minute", "bulk": "120/minute", "feed": "1200/minute",
    "public": "1200/minute", "verification": "240/minute",
}  # fmt: skip
"""What one client may ask by default, in the notation of the library ``limits``."""

FACTORS: dict[str, int] = {
    "agency": 5, "operator": 5, "regional_officer": 2, "ministry_officer": 2, "finance_preparer": 2, "treasurer": 2,
}  # fmt: skip
"""How many times more a role may ask: machine clients, and offices that work in rows."""


class Limiter:
    """Counts by kind of way and client.

    Args:
        limits: quota by kind, in the notation of ``limits``; a kind that is not named is not limited.
        factors: how many times more a role may ask; the largest of a caller's roles counts.
        storage: URI of a storage that all replicas share, or empty to count in this process.

    Raises:
        ValueError: a limit that cannot be read or the name of a kind that does not exist.
    """

    def __init__(self, limits: Mapping[str, str], factors: Mapping[str, int], storage: str = "") -> None:
        self._quotas = {Kind(name): _quota(written) for name, written in limits.items()}
        self._factors = dict(factors)
        memory = MemoryWindows()
        self._memory: MemoryWindows | None = None if storage else memory
        self._counter: Counter = SharedWindows(storage, memory) if storage else memory
        self._policies: dict[tuple[Kind, frozenset[str]], tuple[Quota, bytes]] = {}

    async def admit(self, kind: Kind, client: str, roles: Iterable[str] = ()) -> list[Header]:
        """Count one request; gives the header fields for its answer.

        Raises:
            TooMany: with ``retry_after`` in seconds, ``policy`` and, as ``fields``, the header fields.
        """
        if self.alone:
            return self.admit_now(kind, client, roles)
        if kind not in self._quotas:
            return []
        quota, policy = self._policy(kind, roles)
        return _answered(kind, policy, await self._counter.count(f"{kind}:{client}", quota))

    @property
    def alone(self) -> bool:
        """True when this process counts by itself, so that ``admit_now`` may be asked."""
        return self._memory is not None

    def admit_now(self, kind: Kind, client: str, roles: Iterable[str] = ()) -> list[Header]:
        """``admit`` without waiting. Raises ``TooMany``, and ``LookupError`` unless ``alone``."""
        if self._memory is None:
            raise LookupError("the counters are not here")
        if kind not in self._quotas:
            return []
        quota, policy = self._policy(kind, roles)
        return _answered(kind, policy, self._memory.count_now(f"{kind}:{client}", quota))

    def _policy(self, kind: Kind, roles: Iterable[str]) -> tuple[Quota, bytes]:
        held = frozenset(roles)
        found = self._policies.get((kind, held))
        if found is None:
            single, factor = self._quotas[kind], max((self._factors.get(role, 1) for role in held), default=1)
            quota = Quota(single.amount * factor, single.seconds)
            found = self._policies[(kind, held)] = quota, f'"{kind}";q={quota.amount};w={quota.seconds}'.encode()
        return found


class LimitReached(TooMany):
    """One request too many (429); ``fields`` are the header fields that say so."""

    def __init__(self, kind: Kind, seconds: int, fields: list[Header]) -> None:
        super().__init__(
            "too-many-requests",
            f"Too many requests; try again in {seconds} seconds.",
            retry_after=seconds,
            policy=kind.value,
        )
        self.fields = fields


def _answered(kind: Kind, policy: bytes, standing: Standing) -> list[Header]:
    fields = [(b"ratelimit-policy", policy), (b"ratelimit", _standing(kind, standing))]
    if standing.allowed:
        return fields
    raise LimitReached(kind, max(1, math.ceil(standing.reset)), fields)


def _quota(written: str) -> Quota:
    item = parse(written)
    return Quota(item.amount, item.get_expiry())


def _standing(kind: Kind, standing: Standing) -> bytes:
    return f'"{kind}";r={standing.remaining};t={math.ceil(standing.reset)}'.encode()
