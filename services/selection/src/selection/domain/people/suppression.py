"""Counts that may be published: no small cell, and no subtraction that leads to one (domain.md 7.3).

The rule decides by the counts and a fixed order of the cells alone. Hidden are all cells below ``k``; then, in the
order of the policy, further cells until the hidden ones together hold at least ``2k`` people. So whatever the reader
subtracts, what is left holds at least ``2k`` people in at least two cells, and every hidden cell could still hold
several numbers; a test tries every possible table. What else is published is computed from the visible cells alone.
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
    hidden = {cell for cell, count in counts.items() if count < k}
    visible = [cell for cell in counts if cell not in hidden]
    if not hidden and len(visible) < 2:
        return dict.fromkeys(counts)
    while hidden and visible and sum(counts[cell] for cell in hidden) < 2 * k:
        hidden.add(visible.pop(0))
    return {cell: None if cell in hidden else count for cell, count in counts.items()}


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
