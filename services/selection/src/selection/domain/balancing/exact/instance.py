"""The balancing problem as arrays: cells of interchangeable rules, rows of bounds over cells, scores in order (S-06)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

DENOMINATOR = 5040
"""Duals are whole multiples of 1/5040 of a score unit; with many small divisors most vertices are hit exactly."""

MOST = 2**62
"""No sum in the arithmetic of machine integers may pass this; the checker works with unlimited integers."""


@dataclass(frozen=True, slots=True)
class Row:
    """One quota: so many of the candidates in its cells are chosen. Row 0 is the session."""

    code: str
    low: int
    high: int


@dataclass
class Instance:
    """Candidates sorted into cells: two candidates share a cell when exactly the same rows hold them.

    Attributes:
        cell_rows: per cell the ascending indices of its rows; 0 is always there.
        start: position of each cell's first candidate, and the number of candidates at the end.
        score: integer score at every position; falling within a cell.
        order: index of the candidate at every position.
        lot: index of a candidate → the lot that orders equal scores; asked only where it decides something.
    """

    rows: list[Row]
    cell_rows: list[tuple[int, ...]]
    start: Ints
    score: Ints
    order: Ints
    lot: Callable[[int], bytes]

    @classmethod
    def build(
        cls,
        rows: Sequence[Row],
        cell_rows: Iterable[tuple[int, ...]],
        cells: Sequence[int] | Ints,
        scores: Sequence[int] | Ints,
        lot: Callable[[int], bytes],
    ) -> Instance:
        """Sort candidates by cell and falling score.

        Args:
            rows: row 0 is the session.
            cell_rows: per cell the rows that hold it.
            cells: the cell of each candidate.
            scores: the integer score of each candidate.
            lot: see the class.

        Raises:
            OverflowError: when scores are too large for exact machine integers.
        """
        import numpy as np

        cell, score = np.asarray(cells, dtype=np.int64), np.asarray(scores, dtype=np.int64)
        named = list(cell_rows)
        top, bottom = (int(score.max()), int(score.min())) if len(score) else (0, 0)
        if (
            max(abs(top), abs(bottom), 1) * max(len(score), 1) > MOST // DENOMINATOR
            or (top - bottom + 1) * len(named) > MOST
        ):
            raise OverflowError("scores too large for exact balancing")
        order = np.argsort(cell * (top - bottom + 1) + (top - score))
        start = np.zeros(len(named) + 1, dtype=np.int64)
        np.cumsum(np.bincount(cell, minlength=len(named)), out=start[1:])
        return cls(list(rows), named, start, score[order], order, lot)

    @cached_property
    def prefix(self) -> Ints:
        """Sum of the scores before every position."""
        import numpy as np

        total = np.zeros(len(self.score) + 1, dtype=np.int64)
        np.cumsum(self.score, out=total[1:])
        return total

    @cached_property
    def sizes(self) -> Ints:
        """Candidates per cell."""
        import numpy as np

        return np.diff(self.start)

    @cached_property
    def incidence(self) -> tuple[Ints, Ints]:
        """Rows of all cells one after the other, and where each cell's rows begin."""
        import numpy as np

        flat = np.fromiter((row for rows in self.cell_rows for row in rows), dtype=np.int64)
        begin = np.zeros(len(self.cell_rows), dtype=np.int64)
        np.cumsum([len(rows) for rows in self.cell_rows[:-1]], out=begin[1:])
        return flat, begin

    def prices(self, duals: Ints) -> Ints:
        """What a place costs in every cell: the sum of the duals of its rows."""
        import numpy as np

        flat, begin = self.incidence
        summed: Ints = np.add.reduceat(duals[flat], begin) if len(begin) else np.zeros(0, dtype=np.int64)
        return summed

    def counts(self, taken: Ints) -> Ints:
        """Chosen per row when ``taken`` are chosen per cell."""
        import numpy as np

        flat, _ = self.incidence
        spread = np.repeat(taken, [len(rows) for rows in self.cell_rows])
        return np.bincount(flat, weights=spread, minlength=len(self.rows)).astype(np.int64)

    def total(self, taken: Ints) -> int:
        """Score of choosing the best ``taken`` of every cell."""
        return int((self.prefix[self.start[:-1] + taken] - self.prefix[self.start[:-1]]).sum())

    def keeps(self, taken: Ints, places: int) -> bool:
        """True when ``taken`` fills exactly ``places`` and keeps every row."""
        counts = self.counts(taken).tolist()
        return counts[0] == places and all(
            row.low <= count <= row.high for row, count in zip(self.rows[1:], counts[1:], strict=True)
        )

    def arrange(self, low: Ints, high: Ints) -> None:
        """Order equal scores by lot wherever a run of them reaches into the windows ``low`` … ``high`` of a cell."""
        for cell in ((high > low).nonzero()[0]).tolist():
            first, end = int(self.start[cell]), int(self.start[cell + 1])
            begin, stop = first + int(low[cell]), first + int(high[cell])
            while begin > first and self.score[begin - 1] == self.score[begin]:
                begin -= 1
            while stop < end and self.score[stop] == self.score[stop - 1]:
                stop += 1
            lots = {int(index): self.lot(int(index)) for index in self.order[begin:stop]}
            scored: Any = sorted(
                zip(self.score[begin:stop].tolist(), self.order[begin:stop].tolist(), strict=True),
                key=lambda pair: (-pair[0], lots[pair[1]]),
            )
            self.order[begin:stop] = [index for _, index in scored]
