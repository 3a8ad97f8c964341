"""Why no choice keeps the quotas: a smallest set of demands that contradict each other, by name (S-06)."""

from __future__ import annotations

from typing import NoReturn

from selection.domain.balancing.exact.instance import Instance
from selection.domain.balancing.exact.relaxation import Program
from selection.domain.balancing.problem import UNIT, Problem
from shared.kernel.refusals import Finding, RuleViolated

_NAMES = {"session": ("本期", "the session"), "unit_cap": ("每单位名额上限", "the cap per unit")}
Side = tuple[int, bool]
"""A row and True for its minimum, False for its maximum."""


def conflict(instance: Instance, places: int) -> list[Side]:
    """Demands that cannot all be kept, none of which can be left out: each is dropped unless the rest agrees without it.

    The caps of all units count as one demand (the first of their rows), for they are one rule.
    """
    caps = {n for n, row in enumerate(instance.rows) if row.code.startswith(UNIT)}
    kept: list[Side] = [(n, True) for n, row in enumerate(instance.rows) if row.low > 0]
    kept += [(n, False) for n in range(len(instance.rows)) if n not in caps]
    kept += [(min(caps), False)] if caps else []
    at = 0
    while at < len(kept):
        without = kept[:at] + kept[at + 1 :]
        if _agree(instance, places, without, caps):
            at += 1
        else:
            kept = without
    return kept


def refuse_conflict(problem: Problem, instance: Instance) -> NoReturn:
    """Raises ``RuleViolated`` ``quota-infeasible`` with one finding per demand of a smallest conflict."""
    findings = []
    for row, is_minimum in conflict(instance, problem.tree.places):
        code = instance.rows[row].code
        if code.startswith(UNIT):
            code, why = "unit_cap", f"lets a unit send {problem.unit_cap} at most"
        elif is_minimum:
            why = f"asks for {instance.rows[row].low}"
        else:
            why = f"holds {instance.rows[row].high} at most"
        available = int(instance.counts(instance.sizes)[row])
        zh, en = problem.names.get(code, _NAMES.get(code, (code, code)))
        findings.append(
            Finding(
                "quota-node-conflict", f"'{en}' {why}; {available} candidates are there.", f"/quota_nodes/{code}",
                "S-06", values={"node": code, "name_zh": zh, "available": available},
            )
        )  # fmt: skip
    raise RuleViolated(
        "quota-infeasible",
        "The quotas cannot all be kept; these contradict each other.",
        rule="S-06",
        findings=findings,
    )


def _agree(instance: Instance, places: int, sides: list[Side], caps: set[int]) -> bool:
    import numpy as np

    everything = len(instance.score)
    low = [0] * len(instance.rows)
    high = [everything] * len(instance.rows)
    for row, is_minimum in sides:
        for each in sorted(caps) if row in caps else [row]:
            if is_minimum:
                low[each] = instance.rows[each].low
            else:
                high[each] = min(instance.rows[each].high, places if each == 0 else everything)
    flat, _ = instance.incidence
    pointer = np.concatenate([[0], np.cumsum([len(rows) for rows in instance.cell_rows])])
    program = Program(
        np.zeros(len(instance.cell_rows)), instance.sizes, (pointer, flat), ([*map(float, low)], [*map(float, high)]),
        integer=True,
    )  # fmt: skip
    return program.run() is not None
