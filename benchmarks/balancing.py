"""Balancing beside OR-tools CP-SAT and HiGHS as a mixed-integer program, on the same instances in one run.

Choose a fifth of the candidates at the highest total score under quotas that cross: 12 areas, 8 sectors, a share of
grassroots people. Each method runs in a process of its own (highspy and OR-tools cannot share one); the peers see
candidates of equal cell and score as one integer variable, the kindest form for them, and stop at a time limit. The
optimum of a peer must be that of ours, and the certificate is checked without a solver.

A peer's seconds include building its model in Python; the limit is that of its search.

``python benchmarks/balancing.py [sizes, comma-separated] [repeats] [seconds a peer may take]``
"""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

AREAS, SECTORS = 12, 8
METHODS = ("core", "rows", "cp-sat", "highs-mip")
Answer = dict[str, Any]


class Instance:
    """A made-up session: arrays of the candidates' cells and scores in hundredths, and the bounds of the rows."""

    def __init__(self, size: int, seed: int = 1) -> None:
        draw = np.random.default_rng(seed)
        self.size, self.places = size, size // 5
        weights = draw.random(AREAS) + 0.2, draw.random(SECTORS) + 0.2
        self.area = draw.choice(AREAS, size, p=weights[0] / weights[0].sum())
        self.sector = draw.choice(SECTORS, size, p=weights[1] / weights[1].sum())
        self.grassroots = (draw.random(size) < 0.3).astype(np.int64)
        drawn = draw.normal(70, 10, size) + 3 * (self.sector - 4) - 4 * self.grassroots
        self.score = np.rint(np.clip(drawn, 0, 100) * 100).astype(np.int64)
        n = self.places
        self.bounds = [(n * 8 // 10 // AREAS, n * 13 // 10 // AREAS)] * AREAS
        self.bounds += [(n * 6 // 10 // SECTORS, n * 12 // 10 // SECTORS)] * SECTORS
        self.bounds += [(n * 3 // 10, n)]

    def cells(self) -> tuple[list[tuple[int, ...]], Any]:
        """The rows (from 1) of each cell, and each candidate's cell."""
        key = (self.area * SECTORS + self.sector) * 2 + self.grassroots
        known, cell = np.unique(key, return_inverse=True)
        rows = [(1 + k // 2 // SECTORS, 1 + AREAS + k // 2 % SECTORS) for k in known.tolist()]
        return [
            (*pair, AREAS + SECTORS + 1) if k % 2 else pair for pair, k in zip(rows, known.tolist(), strict=True)
        ], cell

    def groups(self) -> tuple[list[tuple[int, ...]], Any, Any]:
        """Rows, score and size of each group of equal cell and score."""
        rows, cell = self.cells()
        key, count = np.unique(cell * 20_000 + self.score, return_counts=True)
        return [rows[k // 20_000] for k in key.tolist()], key % 20_000, count


def core(size: int, _: float) -> Answer:
    """The method of the service on arrays: sort, duals, undecided rest, ties by lot."""
    from selection.domain.balancing.exact.instance import Instance as Cells
    from selection.domain.balancing.exact.instance import Row
    from selection.domain.balancing.exact.solve import solve

    _load_solver()
    made = Instance(size)
    cell_rows, cell = made.cells()
    rows = [Row("session", 0, made.places), *(Row(str(n), *each) for n, each in enumerate(made.bounds))]
    began = time.perf_counter()
    instance = Cells.build(rows, [(0, *each) for each in cell_rows], cell, made.score, _lot)
    found = solve(instance, made.places)
    return {"seconds": time.perf_counter() - began, "total": found.total, "proved": found.proved}


def rows(size: int, _: float) -> Answer:
    """End to end in the service's terms: from candidates with decimal scores and traits to the checked answer."""
    from selection.domain.balancing.balance import balance_problem
    from selection.domain.balancing.check import check_certificate
    from selection.domain.balancing.greedy import Candidate
    from selection.domain.balancing.problem import Problem
    from selection.domain.balancing.tree import QuotaNode, QuotaTree

    _load_solver()
    made = Instance(size)
    columns = zip(made.score.tolist(), made.area.tolist(), made.sector.tolist(), made.grassroots.tolist(), strict=True)
    people = tuple(
        Candidate(
            UUID(int=n), Decimal(score).scaleb(-2),
            {"area": str(area), "specialty_group": str(sector), "grassroots": str(low)},
        )
        for n, (score, area, sector, low) in enumerate(columns)
    )  # fmt: skip

    def node(code: str, at: int, **match: str) -> QuotaNode:
        return QuotaNode(code, None, *made.bounds[at], {name: (value,) for name, value in match.items()}, code, code)

    areas = [node(f"a{n}", n, area=str(n)) for n in range(AREAS)]
    across = [node(f"s{n}", AREAS + n, specialty_group=str(n)) for n in range(SECTORS)]
    across.append(node("grassroots", AREAS + SECTORS, grassroots="1"))
    began = time.perf_counter()
    problem = Problem("2024", QuotaTree(made.places, areas), tuple(across), None, people)
    answer = balance_problem(problem)
    seconds = time.perf_counter() - began
    given, shown = problem.document(), answer.document()
    began = time.perf_counter()
    wrong = check_certificate(given, shown)
    assert not wrong, wrong
    return {
        "seconds": seconds, "total": int(answer.total.scaleb(2)), "proved": answer.proved,
        "check": time.perf_counter() - began,
    }  # fmt: skip


def cp_sat(size: int, limit: float) -> Answer:
    """OR-tools CP-SAT with one integer variable per cell and score."""
    from ortools.sat.python import cp_model

    made = Instance(size)
    group_rows, score, count = made.groups()
    began = time.perf_counter()
    model = cp_model.CpModel()
    taken = [model.new_int_var(0, n, "") for n in count.tolist()]
    model.add(sum(taken) == made.places)
    members: list[list[Any]] = [[] for _ in made.bounds]
    for variable, each in zip(taken, group_rows, strict=True):
        for row in each:
            members[row - 1].append(variable)
    for inside, (low, high) in zip(members, made.bounds, strict=True):
        model.add_linear_constraint(sum(inside), low, high)
    model.maximize(cp_model.LinearExpr.weighted_sum(taken, score.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = os.cpu_count() or 1
    status = solver.solve(model)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "total": int(solver.objective_value), "proved": status == cp_model.OPTIMAL}


def highs_mip(size: int, limit: float) -> Answer:
    """HiGHS as a mixed-integer program with one integer column per cell and score."""
    import highspy

    made = Instance(size)
    group_rows, score, count = made.groups()
    began = time.perf_counter()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(group_rows), 1 + len(made.bounds)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = -score.astype(float), np.zeros(len(count)), count.astype(float)
    lp.row_lower_ = np.array([made.places, *(low for low, _ in made.bounds)], dtype=float)
    lp.row_upper_ = np.array([made.places, *(high for _, high in made.bounds)], dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([1 + len(each) for each in group_rows])]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([row for each in group_rows for row in (0, *each)], dtype=np.int32)
    lp.a_matrix_.value_ = np.ones(len(lp.a_matrix_.index_))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(count)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("time_limit", limit), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    solver.run()
    proved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return {"seconds": time.perf_counter() - began, "total": round(-solver.getObjectiveValue()), "proved": proved}


def _load_solver() -> None:
    """Import HiGHS before the clock runs, as the peers' libraries are."""
    import highspy

    highspy.Highs()  # type: ignore[no-untyped-call]


def _lot(candidate: int) -> bytes:
    return hashlib.sha256(candidate.to_bytes(8, "big")).digest()


_RUN: dict[str, Callable[[int, float], Answer]] = {"core": core, "rows": rows, "cp-sat": cp_sat, "highs-mip": highs_mip}


def alone(method: str, size: int, limit: float) -> Answer:
    """One run in a process of its own."""
    command = [sys.executable, __file__, "--one", method, str(size), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: Answer = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(_RUN[sys.argv[2]](int(sys.argv[3]), float(sys.argv[4]))))
        return
    sizes = [int(size) for size in (sys.argv[1] if len(sys.argv) > 1 else "1000,10000,100000").split(",")]
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    limit = float(sys.argv[3]) if len(sys.argv) > 3 else 30.0
    print(f"load before: {os.getloadavg()[0]:.1f}, peers stop after {limit:.0f} s, median of {repeats}")
    print("| candidates | method | seconds | of core | optimum | proved | certificate checked in |")
    print("|---|---|---|---|---|---|---|")
    for size in sizes:
        best: tuple[float, int] | None = None
        for method in METHODS:
            peer = method not in ("core", "rows")
            answers = [
                alone(method, size, limit)
                for _ in range(1 if size >= (100_000 if peer else 1_000_000) and method != "core" else repeats)
            ]
            seconds = statistics.median(answer["seconds"] for answer in answers)
            answer = answers[0]
            best = best or (seconds, answer["total"])
            assert not answer["proved"] or answer["total"] == best[1], (method, answer, best)
            gap = (
                "same"
                if answer["total"] == best[1]
                else f"{answer['total'] - best[1]:+d}"
                if answer["total"] > 0
                else "none"
            )
            check = f"{answer['check']:.2f} s" if "check" in answer else ""
            print(
                f"| {size} | {method} | {seconds:.3f} | {seconds / best[0]:.1f} | {gap} | {answer['proved']} | {check} |",
                flush=True,
            )
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
