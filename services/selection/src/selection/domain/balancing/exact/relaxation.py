"""Linear and integer programs for HiGHS; nothing it answers is believed without an exact check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """An answer of the solver: column values, and what one more of each row's bound is worth."""

    columns: Floats
    duals: Floats


class Program:
    """Maximise value · x with column and row bounds; column bounds may change between runs.

    Args:
        values: per column.
        upper: per column; the lower bound is 0.
        column_rows: per column its rows.
        bounds: per row its least and greatest activity.
        weighted: one more row: coefficient per column and the least activity, or None.
        elastic: True to ignore ``values`` and minimise the violation of the rows instead.
    """

    def __init__(
        self,
        values: Sequence[float] | Floats,
        upper: Sequence[int] | Ints,
        column_rows: tuple[Ints, Ints],
        bounds: tuple[Sequence[float], Sequence[float]],
        weighted: tuple[Sequence[float], float] | None = None,
        *,
        elastic: bool = False,
        integer: bool = False,
        seconds: float = 60.0,
    ) -> None:
        import highspy
        import numpy as np

        self._np, self._highspy = np, highspy
        begin, flat = column_rows
        columns, rows = len(values), len(bounds[0])
        entries = np.ones(len(flat))
        low, high = list(bounds[0]), list(bounds[1])
        if weighted is not None:
            counts = np.diff(begin)
            at = begin[1:]
            flat = np.insert(flat, at, rows)
            entries = np.insert(entries, at, np.asarray(weighted[0], dtype=float))
            begin = np.concatenate([[0], np.cumsum(counts + 1)])
            low, high, rows = [*low, weighted[1]], [*high, highspy.kHighsInf], rows + 1
        cost, top = -np.asarray(values, dtype=float), np.asarray(upper, dtype=float)
        if elastic:
            cost = np.concatenate([np.zeros(columns), np.ones(2 * rows)])
            top = np.concatenate([top, np.full(2 * rows, highspy.kHighsInf)])
            flat = np.concatenate([flat, np.arange(rows), np.arange(rows)])
            entries = np.concatenate([entries, np.ones(rows), -np.ones(rows)])
            begin = np.concatenate([begin, begin[-1] + np.arange(1, 2 * rows + 1)])
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(cost), rows
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(len(cost)), top
        lp.row_lower_, lp.row_upper_ = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = begin.astype(np.int32)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = flat.astype(np.int32), entries
        if integer:
            lp.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
        self._columns, self._rows = columns, rows
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        options: dict[str, Any] = {
            "output_flag": False, "threads": 1, "random_seed": 0, "time_limit": seconds, "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.0, "mip_feasibility_tolerance": 1e-9, "parallel": "off",
        }  # fmt: skip
        for name, value in options.items():
            self._solver.setOptionValue(name, value)
        self._solver.passModel(lp)

    def within(self, lower: Sequence[int] | Ints, upper: Sequence[int] | Ints) -> None:
        """Take other bounds for the columns."""
        np = self._np
        each = np.arange(self._columns, dtype=np.int32)
        self._solver.changeColsBounds(
            self._columns, each, np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
        )

    def run(self) -> Point | None:
        """The best point, or None when there is none (or the time is over)."""
        np = self._np
        self._solver.run()
        status = self._solver.getModelStatus()
        known = (self._highspy.HighsModelStatus.kOptimal,)
        if status not in known and not self._stopped_with_a_point(status):
            return None
        solution = self._solver.getSolution()
        duals = -np.asarray(solution.row_dual, dtype=float) if solution.dual_valid else np.zeros(self._rows)
        return Point(np.asarray(solution.col_value, dtype=float)[: self._columns], duals)

    def _stopped_with_a_point(self, status: Any) -> bool:
        info = self._solver.getInfo()
        return bool(
            status == self._highspy.HighsModelStatus.kTimeLimit
            and info.primal_solution_status == self._highspy.SolutionStatus.kSolutionStatusFeasible
        )
