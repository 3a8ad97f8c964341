"""Kafka's default partitioner: murmur2 of the key, so that both adapters put a key on the same partition."""

from __future__ import annotations

from typing import Final

_MASK: Final = 0xFFFFFFFF
_M: Final = 0x5BD1E995
_SEED: Final = 0x9747B28C


def murmur2(key: bytes) -> int:
    """The 32-bit MurmurHash2 of ``org.apache.kafka.common.utils.Utils``, as an unsigned number."""
    length = len(key)
    h = _SEED ^ length
    for start in range(0, length - length % 4, 4):
        k = int.from_bytes(key[start : start + 4], "little") * _M & _MASK
        k = (k ^ k >> 24) * _M & _MASK
        h = (h * _M & _MASK) ^ k
    tail = key[length - length % 4 :]
    if tail:
        h = (h ^ int.from_bytes(tail, "little")) * _M & _MASK
    h = (h ^ h >> 13) * _M & _MASK
    return h ^ h >> 15


def partition_of(key: str, partitions: int) -> int:
    """The partition of a key among ``partitions``."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions
