"""The certificate of the greedy choice under a tree: whole duals by intervals, no solver needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from selection.domain.balancing.greedy import Choice
from selection.domain.balancing.problem import Problem
from selection.domain.balancing.tree import QuotaTree

CHUNK = 20
_FAR = 1 << 200

Bounds = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Home:
    """The candidates of one home in order of merit; ``taken`` of them are chosen."""

    scores: list[int]
    ranks: list[int]
    taken: int


def certificate(problem: Problem, choice: Choice) -> dict[str, Any]:
    """What proves a greedy choice: the same document that the general method gives, with denominator 1."""
    tree = problem.tree
    homes = _homes(problem, choice)
    names = {code: n for n, (code, _, _) in enumerate(problem.rows)}
    rows = [names[cell.code] for cell in tree.cells]
    filled = choice.counts[0]
    bounds = [(cell.min, cell.max) for cell in tree.cells]
    places: dict[str, Any] = {"filled": filled, "tree": None}
    if filled < min(tree.places, len(choice.ranked)):
        ones = _duals(tree, choice.counts, bounds, _intervals(homes, lambda _home, _at: 1))
        places["tree"] = _leaf(ones, rows)
    bounds[0] = (filled, filled)
    duals = _duals(tree, choice.counts, bounds, _intervals(homes, lambda home, at: homes[home].scores[at]))
    total = sum(sum(home.scores[: home.taken]) for home in homes)
    score = {"total": total, "duals": _leaf(duals, rows)["duals"], "tree": _leaf(duals, rows)}
    ties = _ties(tree, choice, homes, bounds, duals)
    trees = [_leaf(each, rows) for each in ties]
    return {"denominator": 1, "places": places, "score": score, "ties": {"chunk": CHUNK, "trees": trees}}


def _homes(problem: Problem, choice: Choice) -> list[_Home]:
    members: list[list[int]] = [[] for _ in problem.tree.cells]
    for rank, home in enumerate(choice.homes):
        members[home].append(rank)
    scale = problem.scale
    return [
        _Home([int(choice.ranked[n].score * scale) for n in ranks], ranks, sum(choice.chosen[n] for n in ranks))
        for ranks in members
    ]


def _intervals(
    homes: Sequence[_Home],
    value: Callable[[int, int], int],
    low: Sequence[int] | None = None,
    high: Sequence[int] | None = None,
) -> list[tuple[int, int]]:
    """Per home the prices at which exactly the chosen are worth a place: between the first out and the last in."""
    found = []
    for n, home in enumerate(homes):
        least = 0 if low is None else low[n]
        most = len(home.scores) if high is None else high[n]
        at_least = value(n, home.taken) if home.taken < most else -_FAR
        at_most = value(n, home.taken - 1) if home.taken > least else _FAR
        found.append((at_least, at_most))
    return found


def _duals(tree: QuotaTree, counts: Sequence[int], bounds: Bounds, wanted: Sequence[tuple[int, int]]) -> list[int]:
    """Duals per cell of the tree whose sums along a path lie in the wanted interval of every home.

    From the leaves up, each cell's interval takes what its children allow: a child at its maximum may cost more than
    its parent, one at its minimum less, one between neither. From the root down, each price stays as near to its
    parent's as its interval allows. The choice being optimal, no interval is empty (duality; the rows are laminar).
    """
    last = len(tree.cells)
    low, high = [each[0] for each in wanted], [each[1] for each in wanted]
    for index in range(last - 1, 0, -1):
        parent = tree.cells[index].parent
        least, most = bounds[index]
        if counts[index] > least:
            low[parent] = max(low[parent], -_FAR if counts[index] == most else low[index])
            high[parent] = min(high[parent], high[index])
        elif counts[index] < most:
            low[parent] = max(low[parent], low[index])
    price = [0] * last
    for index in range(last):
        cell = tree.cells[index]
        above = price[cell.parent] if index else 0
        price[index] = min(max(above, low[index]), high[index])
    return [price[n] - (price[tree.cells[n].parent] if n else 0) for n in range(last)]


def _ties(tree: QuotaTree, choice: Choice, homes: list[_Home], bounds: Bounds, duals: list[int]) -> list[list[int]]:
    """Duals for every chunk of candidates that are worth exactly their price, in order of merit."""
    price = [sum(duals[n] for n in tree.path(home)) for home in range(len(tree.cells))]
    low = [sum(score > price[n] for score in home.scores) for n, home in enumerate(homes)]
    high = [sum(score >= price[n] for score in home.scores) for n, home in enumerate(homes)]
    pressed = []
    for dual, (least, most) in zip(duals, bounds, strict=True):
        pressed.append((most, most) if dual > 0 else (least, least) if dual < 0 else (least, most))
    free = sorted((homes[n].ranks[at], n, at) for n in range(len(homes)) for at in range(low[n], high[n]))
    found = []
    while free := [each for each in free if low[each[1]] <= each[2] < high[each[1]]]:
        chunk = free[:CHUNK]
        worth = {(home, at): 2 ** (CHUNK - 1 - n) for n, (_, home, at) in enumerate(chunk)}
        wanted = _intervals(homes, lambda home, at, worth=worth: worth.get((home, at), 0), low, high)  # type: ignore[misc]
        found.append(_duals(tree, choice.counts, pressed, wanted))
        for _, home, at in chunk:
            if at < homes[home].taken:
                low[home] = max(low[home], at + 1)
            else:
                high[home] = min(high[home], at)
    return found


def _leaf(duals: Sequence[int], rows: Sequence[int]) -> dict[str, Any]:
    return {"duals": {str(row): dual for row, dual in sorted(zip(rows, duals, strict=True)) if dual}, "score": 0}
