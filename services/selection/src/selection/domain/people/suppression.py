"""Counts that may be published: no small cell, and no subtraction that leads to one (domain.md 7.3).

The cells stand in a fixed order of the policy, those that are likely to be small first. Hidden is the shortest head of
that order that holds every cell below ``k`` and at least ``2k`` people; the rest is visible. A head, because then
whoever knows the rule learns nothing of the cells inside it: had only the small ones been hidden, a reader could conclude
that each of them is small, and sometimes how small. A test tries every possible table and finds at least ``k``
possible numbers behind every hidden cell. What else is published is computed from the visible cells alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from decimal import ROUND_HALF_UP, Decimal


def published_cells(counts: Mapping[str, int], k: int) -> dict[str, int | None]:
    """The cells in their order; None for a hidden one.

    Args:
        counts: people per cell, in the fixed order of the policy, cells without anybody included.
        k: the smallest count that may be seen.
    """
    order = list(counts)
    head = max((n + 1 for n, cell in enumerate(order) if counts[cell] < k), default=0)
    if len(order) < 2:
        head = len(order)
    while 0 < head < len(order) and sum(counts[cell] for cell in order[:head]) < 2 * k:
        head += 1
    return {cell: None if n < head else counts[cell] for n, cell in enumerate(order)}


def published_share(cells: Mapping[str, int | None], counted: Set[str], total: int) -> Decimal | None:
    """Percent of ``total`` in the ``counted`` cells, one decimal, from what is visible; None when that does not tell.

    All cells together hold ``total`` people, so the share is known when every hidden cell lies on one side.
    """
    hidden = {cell for cell, count in cells.items() if count is None}
    if total == 0 or len(hidden) == len(cells):
        return None
    inside = sum(count or 0 for cell, count in cells.items() if cell in counted)
    if hidden <= counted:
        inside = total - sum(count or 0 for cell, count in cells.items() if cell not in counted)
    elif hidden & counted:
        return None
    return (Decimal(100 * inside) / total).quantize(Decimal("0.1"), ROUND_HALF_UP)
