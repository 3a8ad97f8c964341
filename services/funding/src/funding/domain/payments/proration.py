"""Dividing money: half up to the fen, and what is divided always adds up to the whole."""

from __future__ import annotations

from collections.abc import Sequence

WHOLE = 10_000
"""Shares are basis points of this whole."""


def half_up(amount: int, numerator: int, denominator: int) -> int:
    """``amount × numerator / denominator`` in fen, half a fen rounded up.

    Raises:
        ValueError: for a negative amount or numerator or a denominator that is not positive.
    """
    if amount < 0 or numerator < 0 or denominator <= 0:
        raise ValueError("only non-negative amounts are divided")
    return (2 * amount * numerator + denominator) // (2 * denominator)


def running_shares(amount: int, shares: Sequence[int]) -> list[int]:
    """What is owed after each step, in fen: the running total rounded half up.

    Rounding the running total instead of each step keeps every step non-negative and lets the last one take the
    remainder, so the steps always add up to ``amount``.

    Args:
        amount: fen to divide.
        shares: basis points per step, together ``WHOLE``.
    """
    if sum(shares) != WHOLE:
        raise ValueError("the shares make up the whole")
    reached, owed = 0, []
    for share in shares:
        reached += share
        owed.append(half_up(amount, reached, WHOLE))
    return owed
