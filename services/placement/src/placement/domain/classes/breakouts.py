"""Breakout groups: balanced over the unit categories, the same for the same seed (K-03)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import cycle

from placement.domain.classes.seats import ClassSeat


def assign_groups(seats: Iterable[ClassSeat], groups: int, seed: str) -> dict[int, int]:
    """Delegate number → group, from 1.

    Delegates are dealt out category by category without starting anew, in the order of a hash of seed and number: the
    sizes of the groups differ by one at most, and so do the numbers of each category in them.
    """

    def order(seat: ClassSeat) -> tuple[str, bytes]:
        return seat.category, hashlib.sha256(f"{seed}\x00{seat.number}".encode()).digest()

    return {seat.number: group for seat, group in zip(sorted(seats, key=order), cycle(range(1, groups + 1)))}
