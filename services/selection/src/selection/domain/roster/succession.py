"""Who of the reserve takes a vacated place, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from selection.domain.balancing.tree import QuotaNode, QuotaTree
from selection.domain.roster.roster import Entry


def may_replace(today: date, planned_start: date, until_days: int) -> bool:
    """True until the policy's last day, counted from the planned start (it may be negative)."""
    return today <= last_day(planned_start, until_days)


def last_day(planned_start: date, until_days: int) -> date:
    """The last day on which the reserve may step in."""
    return planned_start + timedelta(days=until_days)


def successor(
    tree: QuotaTree,
    staying: Sequence[Entry],
    waiting: Sequence[Entry],
    reserved: Sequence[int] = (),
    crossing: Sequence[QuotaNode] = (),
    unit_cap: int | None = None,
) -> Entry | None:
    """The first of the reserve whose place keeps every quota.

    Args:
        tree: the session's quotas.
        staying: entries with a place after the departure.
        waiting: the reserve in order, only those who can still come.
        reserved: places reserved at every cell of the tree; none when left out.
        crossing: quotas that cross the tree.
        unit_cap: the most people of one sending unit.

    A maximum is never broken. When nobody keeps every minimum, the first who breaks no maximum is taken.
    """
    counts = tree.counts(tree.home(entry.traits) for entry in staying)
    counts = [count + more for count, more in zip(counts, reserved or [0] * len(counts), strict=True)]
    present = [entry.traits for entry in staying]
    fallback = None
    for entry in waiting:
        path = tree.path(tree.home(entry.traits))
        if any(counts[index] + 1 > tree.cells[index].max for index in path):
            continue
        across = _across([*present, entry.traits], crossing, unit_cap, tree.places)
        if any(count > most for count, _, most in across):
            continue
        if all(counts[n] + (n in path) >= cell.min for n, cell in enumerate(tree.cells)) and all(
            count >= least for count, least, _ in across
        ):
            return entry
        fallback = fallback or entry
    return fallback


def _across(
    chosen: Sequence[Mapping[str, str]], crossing: Sequence[QuotaNode], unit_cap: int | None, places: int
) -> list[tuple[int, int, int]]:
    """Chosen, least and most of the quotas that cross the tree, and of the unit of the last."""
    rows = [(sum(node.fits(traits) for traits in chosen), node.min, min(node.max, places)) for node in crossing]
    if unit_cap is not None:
        unit = chosen[-1].get("unit")
        rows.append((sum(traits.get("unit") == unit for traits in chosen), 0, unit_cap))
    return rows
