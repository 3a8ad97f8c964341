"""Balance a problem by the method that fits it: greedy under a tree, duals and exact search where quotas cross."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from selection.domain.balancing.check import ANSWER_FORMAT
from selection.domain.balancing.greedy import choose, lot, merit_order
from selection.domain.balancing.laminar import certificate
from selection.domain.balancing.problem import Problem

if TYPE_CHECKING:
    from selection.domain.balancing.exact.instance import Instance


@dataclass(frozen=True, slots=True)
class Balance:
    """What balancing answers.

    Attributes:
        selected: in order of merit.
        method: ``greedy`` or ``duals``.
        proved: False when part of the answer rests on the solver's word.
        prices: candidate → the score that a place of their kind costs at the margin.
        certificate: what proves it, see ``docs/balancing.md``.
    """

    selected: tuple[UUID, ...]
    total: Decimal
    method: str
    proved: bool
    certificate: dict[str, Any]

    def document(self) -> dict[str, Any]:
        """The answer as ``check_certificate`` reads it."""
        return {
            "format": ANSWER_FORMAT, "selected": [str(id) for id in self.selected], "places": len(self.selected),
            "total": str(self.total), "method": self.method, "proved": self.proved, "certificate": self.certificate,
        }  # fmt: skip


def balance_problem(problem: Problem) -> Balance:
    """The canonical best choice: most places, then highest total, then first in order of merit.

    Raises:
        RuleViolated: ``quota-infeasible`` (S-06) naming the nodes that conflict.
    """
    return _greedy(problem) if problem.is_tree else _by_duals(problem)


def _greedy(problem: Problem) -> Balance:
    choice = choose(problem.tree, problem.people, problem.seed)
    selected = tuple(each.participation for each, kept in zip(choice.ranked, choice.chosen, strict=True) if kept)
    total = sum((each.score for each, kept in zip(choice.ranked, choice.chosen, strict=True) if kept), Decimal(0))
    return Balance(selected, total, "greedy", True, certificate(problem, choice))


def _by_duals(problem: Problem) -> Balance:
    from selection.domain.balancing.exact.conflict import refuse_conflict
    from selection.domain.balancing.exact.instance import DENOMINATOR
    from selection.domain.balancing.exact.solve import Infeasible, solve

    instance = instance_of(problem)
    try:
        found = solve(instance, problem.tree.places)
    except Infeasible:
        refuse_conflict(problem, instance)
    chosen = [
        problem.people[n]
        for cell, count in enumerate(found.taken.tolist())
        for n in instance.order[int(instance.start[cell]) : int(instance.start[cell]) + count].tolist()
    ]
    selected = tuple(each.participation for each in merit_order(chosen, problem.seed))
    total = sum((each.score for each in chosen), Decimal(0))
    proof = {"denominator": DENOMINATOR, **found.certificate}
    return Balance(selected, total, "duals", found.proved, proof)


def instance_of(problem: Problem) -> Instance:
    """The problem as arrays; cells in ascending order of their rows."""
    from selection.domain.balancing.exact.instance import Instance, Row

    cell_rows = sorted(set(problem.memberships))
    place = {rows: n for n, rows in enumerate(cell_rows)}
    scale, people = problem.scale, problem.people
    return Instance.build(
        [Row(*row) for row in problem.rows],
        cell_rows,
        [place[rows] for rows in problem.memberships],
        [int(each.score * scale) for each in people],
        lambda n: lot(problem.seed, people[n].participation),
    )
