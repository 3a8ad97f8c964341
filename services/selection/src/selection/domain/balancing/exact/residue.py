"""What is left undecided: the candidates in the windows, the rows less what is settled, exact in unlimited integers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selection.domain.balancing.exact.instance import Instance

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OpenCell:
    """A cell with undecided candidates: ``values`` (and scores) of the positions ``first`` … in order.

    Attributes:
        cell: index in the instance.
        first: how many of the cell are chosen in any case.
        rows: indices of the residue's rows.
    """

    cell: int
    first: int
    rows: tuple[int, ...]
    values: tuple[int, ...]
    scores: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Residue:
    """Choose leading candidates of open cells: maximise values, keep the rows, reach ``need`` of the score if given.

    Attributes:
        names: index of each row in the instance.
        low: least and ``high`` greatest number still to choose, per row; both equal for row 0, the session.
        shift: taken off every score (and off ``need`` once per place), so that numbers stay small.
    """

    cells: tuple[OpenCell, ...]
    names: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    need: int | None = None
    shift: int = 0

    def value(self, taken: Sequence[int]) -> int:
        """Sum of the values of choosing ``taken`` of every open cell."""
        return sum(sum(cell.values[:count]) for cell, count in zip(self.cells, taken, strict=True))

    def keeps(self, taken: Sequence[int]) -> bool:
        """True when every row and the need are kept."""
        counts = [0] * len(self.names)
        for cell, count in zip(self.cells, taken, strict=True):
            for row in cell.rows:
                counts[row] += count
        if any(not low <= n <= high for n, low, high in zip(counts, self.low, self.high, strict=True)):
            return False
        return self.need is None or self.need <= sum(
            sum(cell.scores[:count]) for cell, count in zip(self.cells, taken, strict=True)
        )

    def bound(
        self, duals: Sequence[int], score: int, box: tuple[Sequence[int], Sequence[int]], denominator: int
    ) -> int:
        """No choice within ``box`` has value · denominator above this, whatever the duals (``score`` ≥ 0).

        With denominator 0 the values count for nothing: a negative bound then proves that the box holds no choice.
        """
        total = sum(
            dual * (high if dual > 0 else low) for dual, low, high in zip(duals, self.low, self.high, strict=True)
        )
        if self.need is not None:
            total -= score * self.need
        for cell, least, most in zip(self.cells, *box, strict=True):
            price = sum(duals[row] for row in cell.rows)
            gained = best = 0
            for n in range(most):
                gained += denominator * cell.values[n] + score * cell.scores[n] - price
                if n < least or gained > best:
                    best = gained
            total += best
        return total


def residue_of(
    instance: Instance,
    low: Ints,
    high: Ints,
    places: int | None,
    bounds: list[tuple[int, int]],
    value: Callable[[int, int], int] | None = None,
    need: int | None = None,
) -> Residue:
    """What is undecided between ``low`` and ``high`` chosen per cell.

    Args:
        instance: the problem.
        low: chosen in any case, per cell.
        high: the most, per cell.
        places: to fill exactly, or None when row 0 has bounds of its own.
        bounds: per row.
        value: of a candidate by cell and place in it; None for the score.
        need: least score of the whole choice.
    """
    settled = instance.counts(low).tolist()
    open_cells = ((high > low).nonzero()[0]).tolist()
    names = sorted({row for cell in open_cells for row in instance.cell_rows[cell]})
    index = {row: n for n, row in enumerate(names)}
    cells = []
    shift = 0
    if need is not None and open_cells:
        shift = min(int(instance.score[int(instance.start[c]) + int(high[c]) - 1]) for c in open_cells)
    for cell in open_cells:
        first, begin = int(low[cell]), int(instance.start[cell])
        scores = instance.score[begin + first : begin + int(high[cell])].tolist()
        values = scores if value is None else [value(cell, first + n) for n in range(len(scores))]
        shown = [score - shift for score in scores] if need is not None else [0] * len(scores)
        rows = tuple(index[row] for row in instance.cell_rows[cell])
        cells.append(OpenCell(cell, first, rows, tuple(values), tuple(shown)))
    ends = [(places, places) if places is not None and row == 0 else bounds[row] for row in names]
    if need is not None and places is not None:
        need -= instance.total(low) + shift * (places - settled[0])
    return Residue(
        tuple(cells),
        tuple(names),
        tuple(least - settled[row] for row, (least, _) in zip(names, ends, strict=True)),
        tuple(most - settled[row] for row, (_, most) in zip(names, ends, strict=True)),
        need,
        shift,
    )
