"""Money: integer fen inside, decimal string of yuan outside; a float is refused."""

from __future__ import annotations

import re

from shared.kernel.refusals import Malformed

_AMOUNT = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,2})?")


def fen(amount: str) -> int:
    """Fen of a decimal string of yuan (``"12000.50"`` → 1200050).

    Raises:
        Malformed: ``bad-amount`` for a third decimal, an exponent, a float or anything else.
    """
    if not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
        raise Malformed("bad-amount", 'Give the amount as a decimal string with at most two decimals, like "12000.50".')
    sign = -1 if amount.startswith("-") else 1
    whole, _, part = amount.lstrip("-").partition(".")
    return sign * (int(whole) * 100 + int(part.ljust(2, "0") or "0"))


def yuan(amount: int) -> str:
    """Decimal string of an amount in fen (1200050 → ``"12000.50"``)."""
    sign, absolute = ("-" if amount < 0 else ""), abs(amount)
    return f"{sign}{absolute // 100}.{absolute % 100:02d}"
