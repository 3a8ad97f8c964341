"""Small cells: what is below ten is hidden, and as much more as keeps the hidden from being computed back (k = 10).

A table is a tree of rows (programme, batches, sessions) times columns (the values of one dimension and their total).
Every total is the sum of its parts, and whoever reads the table knows that. A hidden cell is safe when, from all that is
shown, it could still be at least ``K - 1`` more than it could least be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

K = 10
ALL = "*"
MOST_CELLS = 400

Cell = tuple[str, str]
"""Row and column; ``*`` is the total."""


@dataclass(frozen=True, slots=True)
class Equation:
    """A total and its parts."""

    total: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells of the equation."""
        return (self.total, *self.parts)


class Withheld(Exception):
    """Nothing but the totals can be shown without giving somebody away."""


def equations(rows: Mapping[str, tuple[str, ...]], columns: Iterable[str]) -> list[Equation]:
    """The equations of a table.

    Args:
        rows: parent row → its children; rows without children are not keys.
        columns: without the total; none for a table of totals only.
    """
    names = tuple(columns)
    every = {row for parent, children in rows.items() for row in (parent, *children)} or {ALL}
    found = [Equation((row, ALL), tuple((row, name) for name in names)) for row in sorted(every) if names]
    for parent, children in sorted(rows.items()):
        found += [Equation((parent, name), tuple((child, name) for child in children)) for name in (*names, ALL)]
    return found


def hidden_cells(
    values: Mapping[Cell, int], known: list[Equation], *, fixed: Mapping[Cell, bool] | None = None, k: int = K
) -> set[Cell]:
    """The cells that must not be shown.

    Args:
        values: every cell of the table, totals included.
        known: every equation between them.
        fixed: cells of which it was decided elsewhere whether they are hidden; other tables show or hide them too.
        k: below it a cell that is not zero is small.

    Raises:
        Withheld: the table cannot be protected.
    """
    decided = dict(fixed or {})
    hidden = {cell for cell, value in values.items() if decided.get(cell, 0 < value < k)}
    if not hidden:
        return hidden
    if len(values) > MOST_CELLS:
        raise Withheld
    if any(0 < values[cell] < k for cell in values.keys() - hidden):
        raise Withheld
    while True:
        weak = next((one for one in known if _exposes(one, hidden, values, k)), None)
        if weak is None:
            narrow = _narrow(values, known, hidden, k)
            if narrow is None:
                return hidden
            near = {cell for one in known if narrow in one.cells for cell in one.cells}
            candidates = [c for c in near if c not in hidden] or [c for c in values if c not in hidden]
        else:
            candidates = [cell for cell in weak.cells if cell not in hidden]
        free = [cell for cell in candidates if cell not in decided and values[cell] > 0]
        if not free:
            raise Withheld
        hidden.add(min(free, key=lambda cell: (ALL in cell, values[cell], cell)))


def _exposes(one: Equation, hidden: set[Cell], values: Mapping[Cell, int], k: int) -> bool:
    """True when this equation alone gives a hidden cell away, exactly or within too few values."""
    parts = [cell for cell in one.parts if cell in hidden]
    if one.total in hidden:
        return not parts and any(values[cell] for cell in one.parts)
    if not parts:
        return False
    return len(parts) == 1 or sum(values[cell] for cell in parts) - len(parts) < k - 1


def bounds(values: Mapping[Cell, int], known: list[Equation], hidden: set[Cell], cell: Cell) -> tuple[float, float]:
    """The least and the most a hidden cell could be for a reader who knows that hidden cells are at least one."""
    import highspy
    import numpy as np

    names = sorted(hidden)
    place = {name: n for n, name in enumerate(names)}
    most = float(2 * sum(values[name] for name in values) + K)
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    for _ in names:
        solver.addVar(1.0, most)
    for one in known:
        signed = [(place[part], 1.0) for part in one.parts if part in hidden]
        right = -float(sum(values[part] for part in one.parts if part not in hidden))
        if one.total in hidden:
            signed.append((place[one.total], -1.0))
        else:
            right += values[one.total]
        if signed:
            columns = np.array([n for n, _ in signed], dtype=np.int32)
            weights = np.array([weight for _, weight in signed])
            solver.addRow(right, right, len(signed), columns, weights)
    solver.changeColCost(place[cell], 1.0)
    found = []
    for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
        solver.changeObjectiveSense(sense)
        solver.run()
        found.append(float(solver.getInfo().objective_function_value))
    return found[0], found[1]


def _narrow(values: Mapping[Cell, int], known: list[Equation], hidden: set[Cell], k: int) -> Cell | None:
    """A small cell that all equations together still give away, or None."""
    for cell in sorted(hidden):
        if values[cell] < k:
            low, high = bounds(values, known, hidden, cell)
            if high - low < k - 1 - 1e-6:
                return cell
    return None
