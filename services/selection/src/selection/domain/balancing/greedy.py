"""The exact choice under a quota tree: greedy with look-ahead for owed minima.

The sets that keep every node within its bounds and fill the most places are the bases of a matroid (bounded laminar
families are), so taking the best candidate whose acceptance can still be completed is optimal, not an approximation.
A test holds it against brute force.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from selection.domain.balancing.tree import QuotaTree
from shared.kernel.refusals import Finding, RuleViolated


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person in the balance.

    Attributes:
        score: panel mean plus preference points.
        traits: dimension → value, for the quota nodes.
    """

    participation: UUID
    score: Decimal
    traits: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """The result: all candidates in order of merit, their cells, and who is chosen.

    Attributes:
        ranked: best first; exact ties by ``lot``.
        homes: deepest cell of each ranked candidate.
        chosen: whether each ranked candidate has a place.
        counts: chosen per cell of the tree.
    """

    ranked: tuple[Candidate, ...]
    homes: tuple[int, ...]
    chosen: tuple[bool, ...]
    counts: tuple[int, ...]
    available: tuple[int, ...]


def lot(seed: str, participation: UUID) -> bytes:
    """The published, repeatable lot that breaks exact ties: HMAC-SHA-256 of the id under the session's seed."""
    return hmac.new(seed.encode(), participation.bytes, hashlib.sha256).digest()


def merit_order(candidates: Sequence[Candidate], seed: str) -> list[Candidate]:
    """Best score first, ties by lot."""
    return sorted(candidates, key=lambda each: (-each.score, lot(seed, each.participation)))


def choose(tree: QuotaTree, candidates: Sequence[Candidate], seed: str) -> Choice:
    """Fill the most places, then reach the highest total score, under every node's bounds.

    Raises:
        RuleViolated: ``quota-infeasible`` (S-06) naming every node whose minimum cannot be met.
    """
    ranked = merit_order(candidates, seed)
    homes = [tree.home(each.traits) for each in ranked]
    owed, most = _bounds(tree, tree.counts(homes))
    places = most[0]
    accepted = [0] * len(tree.cells)
    chosen = []
    for home in homes:
        raised = _acceptance(tree, home, owed, most, accepted, places)
        chosen.append(raised is not None)
        for index, value in raised or ():
            owed[index] = value
        if raised is not None:
            accepted[home] += 1
    taken = tree.counts(home for home, kept in zip(homes, chosen, strict=True) if kept)
    return Choice(tuple(ranked), tuple(homes), tuple(chosen), tuple(taken), tuple(tree.counts(homes)))


def _bounds(tree: QuotaTree, available: Sequence[int]) -> tuple[list[int], list[int]]:
    """Per cell: how many are owed to minima at or below it, and how many it can take at most."""
    cells = tree.cells
    owed, most, findings = [0] * len(cells), [0] * len(cells), []
    for index in range(len(cells) - 1, -1, -1):
        cell = cells[index]
        below = sum(owed[child] for child in cell.children)
        own = available[index] - sum(available[child] for child in cell.children)
        owed[index] = max(cell.min, below)
        most[index] = min(cell.max, own + sum(most[child] for child in cell.children))
        if below > cell.max:
            codes = [cells[child].code for child in cell.children if owed[child]]
            findings.append(_infeasible(cell.code, f"holds {cell.max} at most, but {', '.join(codes)} ask for {below}"))
        elif cell.min > most[index]:
            findings.append(
                _infeasible(cell.code, f"asks for {cell.min}, but only {most[index]} candidates can fill it")
            )
        owed[index] = min(owed[index], most[index])
    if findings:
        raise RuleViolated(
            "quota-infeasible", "The minima of the quota tree cannot all be met.", rule="S-06", findings=findings
        )
    return owed, most


def _infeasible(code: str, why: str) -> Finding:
    return Finding(
        "quota-node-infeasible", f"Node '{code}' {why}.", f"/quota_nodes/{code}", "S-06", values={"node": code}
    )


def _acceptance(
    tree: QuotaTree, home: int, owed: Sequence[int], most: Sequence[int], accepted: Sequence[int], places: int
) -> list[tuple[int, int]] | None:
    """The raised debts when one more from ``home`` is accepted; None when no completion would be left."""
    raised: list[tuple[int, int]] = []
    index, previous, now = home, 0, 0
    while True:
        cell = tree.cells[index]
        total = sum(owed[child] for child in cell.children) + accepted[index] + (index == home) + now - previous
        value = max(cell.min, total)
        if value > (places if index == 0 else most[index]):
            return None
        if value == owed[index]:
            return raised
        raised.append((index, value))
        if index == 0:
            return raised
        previous, now, index = owed[index], value, cell.parent
