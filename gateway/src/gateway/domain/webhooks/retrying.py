"""When a delivery is tried again: the table of Standard Webhooks, spread, and what the receiver asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

SCHEDULE: tuple[float, ...] = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
"""Seconds before the second, third … attempt; the last goes on until the subscription is disabled."""
SPREAD = 0.2
"""A pause is lengthened by up to this share, so that receivers that broke together are not met together."""
LONGEST_WISH = 24 * 3600.0
"""Seconds; a longer ``Retry-After`` is cut to this."""
GIVE_UP = timedelta(days=5)
"""Of failure without a single success, then the subscription is disabled; its position stays."""
HEEDED = frozenset({429, 503})
"""Statuses whose ``Retry-After`` counts."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a receiver is borne with.

    Attributes:
        schedule: see ``SCHEDULE``; at least one pause.
        give_up: see ``GIVE_UP``.
    """

    schedule: tuple[float, ...] = SCHEDULE
    give_up: timedelta = GIVE_UP


PATIENCE = Patience()
"""The table and the end of it as they are by default."""


def pause(failures: int, chance: float, wish: float | None = None, schedule: Sequence[float] = SCHEDULE) -> float:
    """Seconds until the next attempt.

    Args:
        failures: attempts in a row that failed, at least 1.
        chance: from 0 to 1, spreads the pauses.
        wish: seconds of ``Retry-After`` when the receiver gave one.
        schedule: the pauses in seconds.
    """
    planned = schedule[min(failures, len(schedule)) - 1] * (1 + SPREAD * chance)
    return max(planned, min(wish or 0.0, LONGEST_WISH))
