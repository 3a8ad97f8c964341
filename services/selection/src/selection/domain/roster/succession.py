"""Who of the reserve takes a vacated place, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from selection.domain.balancing.tree import QuotaTree
from selection.domain.roster.roster import Entry


def may_replace(today: date, planned_start: date, until_days: int) -> bool:
    """True until the policy's last day, counted from the planned start (it may be negative)."""
    return today <= last_day(planned_start, until_days)


def last_day(planned_start: date, until_days: int) -> date:
    """The last day on which the reserve may step in."""
    return planned_start + timedelta(days=until_days)


def successor(
    tree: QuotaTree, staying: Sequence[Entry], waiting: Sequence[Entry], reserved: Sequence[int] = ()
) -> Entry | None:
    """The first of the reserve whose place keeps every quota.

    Args:
        tree: the session's quotas.
        staying: entries with a place after the departure.
        waiting: the reserve in order, only those who can still come.
        reserved: places reserved at every cell of the tree; none when left out.

    A maximum is never broken. When nobody keeps every minimum, the first who breaks no maximum is taken.
    """
    counts = tree.counts(tree.home(entry.traits) for entry in staying)
    counts = [count + more for count, more in zip(counts, reserved or [0] * len(counts), strict=True)]
    fallback = None
    for entry in waiting:
        path = tree.path(tree.home(entry.traits))
        if any(counts[index] + 1 > tree.cells[index].max for index in path):
            continue
        if all(counts[n] + (n in path) >= cell.min for n, cell in enumerate(tree.cells)):
            return entry
        fallback = fallback or entry
    return fallback
