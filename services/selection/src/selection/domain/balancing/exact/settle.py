"""Settle what is undecided: branch on how many of a cell are chosen until exact bounds close every branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from selection.domain.balancing.exact.instance import DENOMINATOR
from selection.domain.balancing.exact.relaxation import Program
from selection.domain.balancing.exact.residue import Residue

Box = tuple[list[int], list[int]]


class NotSettled(Exception):
    """The branches allowed did not suffice for a proof."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The best choice of a residue and the tree that proves it.

    Attributes:
        taken: per open cell, how many of its undecided candidates are chosen.
        tree: branches ``{cell, at, low, high}`` down to leaves ``{duals, score}`` or ``{none, score}``.
    """

    taken: tuple[int, ...]
    value: int
    tree: dict[str, Any]


class Settler:
    """Branch and bound on one residue. Linear programs only suggest; every leaf is closed by an exact bound.

    Args:
        residue: what is undecided.
        base: taken off every value while the solver looks, so that numbers stay small; only where row 0 is fixed.
        most_branches: how many before giving up.
    """

    def __init__(self, residue: Residue, base: int = 0, most_branches: int = 4000) -> None:
        self._residue = residue
        self._base = base
        self._left = most_branches
        self._runs = [
            (n, len(list(same)), value, score)
            for n, cell in enumerate(residue.cells)
            for (value, score), same in groupby(zip(cell.values, cell.scores, strict=True))
        ]
        self._program = self._make(elastic=False)
        self._elastic: Program | None = None
        self._best: tuple[int, tuple[int, ...]] | None = None

    def settle(self, incumbent: Sequence[int] | None) -> Settled | None:
        """The best choice, proved; None when there is none, with ``tree`` lost because nothing is claimed.

        Raises:
            NotSettled: when the branches allowed do not suffice.
        """
        if incumbent is not None and self._residue.keeps(incumbent):
            self._best = (self._residue.value(incumbent), tuple(incumbent))
        sizes = [len(cell.values) for cell in self._residue.cells]
        root: dict[str, Any] = {}
        waiting: list[tuple[dict[str, Any], Box]] = [(root, ([0] * len(sizes), sizes))]
        while waiting:
            place, box = waiting.pop()
            split = self._close(place, box)
            if split is None:
                continue
            self._left -= 1
            if self._left < 0:
                raise NotSettled
            cell, at = split
            low_box = (box[0], [*box[1][:cell], at, *box[1][cell + 1 :]])
            high_box = ([*box[0][:cell], at + 1, *box[0][cell + 1 :]], box[1])
            low: dict[str, Any] = {}
            high: dict[str, Any] = {}
            first = self._residue.cells[cell].first
            place.update(cell=self._residue.cells[cell].cell, at=first + at, low=low, high=high)
            waiting += [(low, low_box), (high, high_box)]
        if self._best is None:
            return None
        return Settled(self._best[1], self._best[0], root)

    def _close(self, leaf: dict[str, Any], box: Box) -> tuple[int, int] | None:
        """Fill the leaf when its bound closes it; otherwise the cell to branch on and where."""
        lower, upper = [], []
        at = 0
        previous = -1
        for cell, length, _, _ in self._runs:
            at = 0 if cell != previous else at
            lower.append(min(max(box[0][cell] - at, 0), length))
            upper.append(min(max(box[1][cell] - at, 0), length))
            at, previous = at + length, cell
        self._program.within(lower, upper)
        point = self._program.run()
        if point is None:
            return self._refute(leaf, box, lower, upper)
        taken = [0.0] * len(self._residue.cells)
        for (cell, *_), amount in zip(self._runs, point.columns.tolist(), strict=True):
            taken[cell] += amount
        whole = tuple(round(amount) for amount in taken)
        value = self._residue.value(whole)
        if (self._best is None or value > self._best[0]) and self._residue.keeps(whole):
            self._best = (value, whole)
        if self._closes(leaf, point.duals.tolist(), box):
            return None
        return self._split(taken, box)

    def _closes(self, leaf: dict[str, Any], duals: list[float], box: Box) -> bool:
        if self._best is None:
            return False
        rows = len(self._residue.names)
        exact = [round(dual * DENOMINATOR) for dual in duals[:rows]]
        if self._base:
            exact[0] += self._base * DENOMINATOR
        score = max(0, round(-duals[rows] * DENOMINATOR)) if self._residue.need is not None else 0
        if self._residue.bound(exact, score, box, DENOMINATOR) >= DENOMINATOR * (self._best[0] + 1):
            return False
        leaf.update(duals=self._named(exact, score), score=score)
        return True

    def _refute(self, leaf: dict[str, Any], box: Box, lower: list[int], upper: list[int]) -> tuple[int, int] | None:
        """Prove in exact numbers that the box holds no choice; branch where the numbers are not clear enough."""
        if self._elastic is None:
            self._elastic = self._make(elastic=True)
        self._elastic.within(lower, upper)
        point = self._elastic.run()
        rows = len(self._residue.names)
        for scale in (1, 2**10, 2**20, 2**40) if point is not None else ():
            duals = [round(dual * scale) for dual in point.duals.tolist()]  # type: ignore[union-attr]
            score = max(0, -duals[rows]) if self._residue.need is not None else 0
            if self._residue.bound(duals[:rows], score, box, 0) < 0:
                leaf.update(none=self._named(duals[:rows], score), score=score)
                return None
        return self._split([float(low) for low in box[0]], box)

    def _split(self, taken: list[float], box: Box) -> tuple[int, int]:
        def distance(cell: int) -> float:
            part = taken[cell] - int(taken[cell])
            return min(part, 1 - part)

        cell = max(range(len(taken)), key=distance)
        if distance(cell) < 1e-6:
            open_ = [n for n in range(len(taken)) if box[0][n] < box[1][n]]
            if not open_:
                raise NotSettled
            cell = max(open_, key=lambda n: box[1][n] - box[0][n])
            return cell, min(max(round(taken[cell]), box[0][cell]), box[1][cell] - 1)
        return cell, min(max(int(taken[cell]), box[0][cell]), box[1][cell] - 1)

    def _named(self, duals: Sequence[int], score: int) -> dict[str, int]:
        """Duals by row of the instance, the shift of the scores taken back (the session's row counts everybody)."""
        named = dict(zip(self._residue.names, duals, strict=True))
        if self._residue.shift and score:
            named[0] = named.get(0, 0) + score * self._residue.shift
        return {str(name): dual for name, dual in named.items() if dual}

    def _make(self, *, elastic: bool = False, integer: bool = False, seconds: float = 60.0) -> Program:
        import numpy as np

        cells = self._residue.cells
        counts = [len(cells[cell].rows) for cell, *_ in self._runs]
        flat = np.array([row for cell, *_ in self._runs for row in cells[cell].rows], dtype=np.int64)
        weighted = None
        if self._residue.need is not None:
            weighted = ([float(score) for *_, score in self._runs], float(self._residue.need))
        return Program(
            [float(value - self._base) for _, _, value, _ in self._runs],
            [length for _, length, _, _ in self._runs],
            (np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64), flat),
            ([float(low) for low in self._residue.low], [float(high) for high in self._residue.high]),
            weighted,
            elastic=elastic,
            integer=integer,
            seconds=seconds,
        )

    def best_integer(self, seconds: float) -> tuple[int, ...] | None:
        """A good choice by the solver's own search, to begin with; None when it finds none."""
        point = self._make(integer=True, seconds=seconds).run()
        if point is None:
            return None
        taken = [0] * len(self._residue.cells)
        for (cell, *_), amount in zip(self._runs, point.columns.tolist(), strict=True):
            taken[cell] += round(amount)
        return tuple(taken) if self._residue.keeps(taken) else None
