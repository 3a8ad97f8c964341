"""A proposal: the answer, a line per candidate, what one more place in each node is worth (S-06, PIPL 24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from selection.domain.balancing.balance import Balance, balance_problem
from selection.domain.balancing.explain import Explanation, Standing, explain
from selection.domain.balancing.greedy import Candidate, choose, merit_order
from selection.domain.balancing.problem import Problem

_POINT = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class NodeCount:
    """A quota node with how many candidates it had, how many are chosen, and what one more place would be worth.

    Attributes:
        worth: gain of total score for one more place (below zero: one fewer owed); None where nothing was computed.
    """

    code: str
    min: int
    max: int
    available: int
    chosen: int
    worth: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a balancing run stores.

    Attributes:
        lines: selected first, then the ordered reserve, then everybody else.
    """

    balance: Balance
    lines: tuple[Explanation, ...]
    nodes: tuple[NodeCount, ...]


def propose(problem: Problem, reserve_size: int) -> Proposal:
    """Balance and explain.

    The reserve is everybody without a place in order of merit, as many as the policy keeps; who of them steps in
    depends on which place falls free, and is the first whose place keeps every quota.

    Raises:
        RuleViolated: ``quota-infeasible`` (S-06) naming the nodes that conflict.
    """
    balance = balance_problem(problem)
    chosen = set(balance.selected)
    worths = _worths(problem, balance)
    if problem.is_tree:
        lines = explain(problem.tree, choose(problem.tree, problem.people, problem.seed), reserve_size)
    else:
        lines = _lines(problem, chosen, worths, reserve_size)
    members = dict(zip((each.participation for each in problem.people), problem.memberships, strict=True))
    codes = [code for code, _, _ in problem.rows]
    prices: dict[tuple[int, ...], tuple[Decimal, tuple[str, ...]]] = {}
    for rows in set(members.values()):
        price = sum((worths[row] for row in rows), Decimal(0)).quantize(_POINT)
        prices[rows] = (price, tuple(codes[row] for row in rows if worths[row]))
    priced = []
    for line in lines:
        price, pressing = prices[members[line.application]]
        priced.append(replace(line, price=price, distance=line.score - price, pressing=pressing))
    available, taken = [0] * len(codes), [0] * len(codes)
    for id, rows in members.items():
        for row in rows:
            available[row] += 1
            taken[row] += id in chosen
    counts = tuple(
        NodeCount(code, low, high, available[n], taken[n], worths[n].quantize(_POINT))
        for n, (code, low, high) in enumerate(problem.rows)
    )
    return Proposal(balance, tuple(priced), counts)


def _worths(problem: Problem, balance: Balance) -> list[Decimal]:
    unit = Decimal(balance.certificate["denominator"] * problem.scale)
    duals = balance.certificate["score"]["duals"]
    return [Decimal(duals.get(str(n), 0)) / unit for n in range(len(problem.rows))]


def _lines(problem: Problem, chosen: set[UUID], worths: Sequence[Decimal], reserve_size: int) -> list[Explanation]:
    """One line per candidate where quotas cross: binding node, the swap that would have been needed, or that none is."""
    members = dict(zip((each.participation for each in problem.people), problem.memberships, strict=True))
    ranked = merit_order(problem.people, problem.seed)
    exchange = _Exchange(problem, [each for each in ranked if each.participation in chosen], members, worths)
    selected: list[Explanation] = []
    others: list[Explanation] = []
    for rank, each in enumerate(ranked):
        rows = members[each.participation]
        if each.participation in chosen:
            place = len(selected) + 1
            minimum = exchange.minimum(rows)
            selected.append(Explanation(each.participation, Standing.SELECTED, place, each.score, minimum_node=minimum))
            continue
        kept = len(others) < reserve_size
        partner = exchange.partner(rows)
        others.append(
            Explanation(
                each.participation, Standing.RESERVE if kept else Standing.OUT, len(others) + 1 if kept else rank + 1,
                each.score, binding_node=exchange.binding(rows),
                margin_score=None if partner is None else partner.score,
                swap_with=None if partner is None else partner.participation,
            )
        )  # fmt: skip
    return selected + others


class _Exchange:
    """Who could change places with whom without breaking a row."""

    def __init__(
        self,
        problem: Problem,
        chosen: Sequence[Candidate],
        members: Mapping[UUID, tuple[int, ...]],
        worths: Sequence[Decimal],
    ) -> None:
        counts = [0] * len(problem.rows)
        weakest: dict[tuple[int, ...], Candidate] = {}
        self._place: dict[tuple[int, ...], int] = {}
        for place, each in enumerate(chosen):
            rows = members[each.participation]
            weakest[rows] = each
            self._place[rows] = place
            for row in rows:
                counts[row] += 1
        self._codes = [code for code, _, _ in problem.rows]
        self._worths = worths
        filled = [n for n, ((_, _, high), count) in enumerate(zip(problem.rows, counts, strict=True)) if count >= high]
        self._full = frozenset(filled) | {0}
        self._least = {
            n for n, ((_, low, _), count) in enumerate(zip(problem.rows, counts, strict=True)) if count <= low
        }
        self._size = counts
        self._leavers = sorted(weakest.items(), key=lambda item: -self._place[item[0]])
        self._partners: dict[tuple[int, ...], Candidate | None] = {}

    def partner(self, rows: tuple[int, ...]) -> Candidate | None:
        """The last in order of merit whose place somebody in these rows could take; None where no single swap does."""
        if rows not in self._partners:
            gaining = set(rows)
            full = gaining & self._full
            self._partners[rows] = next(
                (
                    each
                    for losing, each in self._leavers
                    if full <= set(losing) and not (self._least & set(losing)) - gaining
                ),
                None,
            )
        return self._partners[rows]

    def binding(self, rows: tuple[int, ...]) -> str:
        """The full node that costs most; among those that cost nothing the smallest."""
        full = [row for row in rows if row in self._full]
        return self._codes[min(full, key=lambda row: (-self._worths[row], self._size[row], -row))]

    def minimum(self, rows: tuple[int, ...]) -> str | None:
        """The node whose minimum is worth most to somebody in these rows."""
        owed = [row for row in rows if self._worths[row] < 0]
        return self._codes[min(owed, key=lambda row: (self._worths[row], row))] if owed else None
