"""Identifiers as a function of the command: UUIDv7 whose random part is derived, not drawn.

The same command (caller, idempotency key, clock) gives the same ids, so a repeated or resumed run names its things
the same and two runs can be compared byte for byte (docs/decisions/0002-ids-from-commands.md).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID


def uuid7(at: datetime, random: bytes) -> UUID:
    """UUID version 7 (RFC 9562 5.7) of an aware datetime and at least 10 bytes of randomness."""
    milliseconds = int(at.timestamp() * 1000) & (2**48 - 1)
    noise = int.from_bytes(random[:10], "big")
    value = milliseconds << 80 | 0x7 << 76 | (noise >> 62 & 0xFFF) << 64 | 0b10 << 62 | noise & (2**62 - 1)
    return UUID(int=value)


def id_source(seed: str | None) -> Callable[[datetime], UUID]:
    """A source of UUIDv7: derived from ``seed`` and a running number, or random when there is no seed."""
    count = 0

    def draw(at: datetime) -> UUID:
        nonlocal count
        count += 1
        if seed is None:
            return uuid7(at, secrets.token_bytes(10))
        return uuid7(at, hashlib.sha256(f"{seed}\x00{count}".encode()).digest())

    return draw
