"""Where the status of a certificate is found by people who only hold the credential: its place in a status list."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

LENGTH = 131_072
"""Places of a list, the least that Bitstring Status List 1.0 allows; one certificate hides among all of them."""
_HALF_BITS = 9
_HALF = (1 << _HALF_BITS) - 1


@dataclass(frozen=True, slots=True)
class StatusSlot:
    """A place: the number of the list, from 0, and the index in it."""

    list: int
    index: int


def list_of(serial: int) -> int:
    """The list in which the ``serial``-th place (from 0) is."""
    return serial // LENGTH


def scattered(serial: int, key: bytes) -> StatusSlot:
    """The place of a serial: a permutation of each list under its own secret key.

    Places are handed out once each, and neighbours in time are no neighbours in the list, so that an index does not tell
    who was certified together. Four Feistel rounds over 18 bits, walked until the value is below 2**17.
    """
    value = serial % LENGTH
    while True:
        left, right = value >> _HALF_BITS, value & _HALF
        for turn in range(4):
            word = hashlib.blake2b(bytes([turn]) + right.to_bytes(2), key=key, digest_size=2).digest()
            left, right = right, left ^ (int.from_bytes(word) & _HALF)
        value = left << _HALF_BITS | right
        if value < LENGTH:
            return StatusSlot(list_of(serial), value)
