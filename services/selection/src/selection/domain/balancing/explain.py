"""Why somebody is in or out: the binding node, the score at the margin, the swap that would have been needed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from selection.domain.balancing.greedy import Choice
from selection.domain.balancing.tree import QuotaTree


class Standing(StrEnum):
    """Where balancing puts a candidate."""

    SELECTED = "selected"
    RESERVE = "reserve"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One candidate's line of the proposal.

    Attributes:
        position: 1-based place among the selected or within the reserve; place by merit when out.
        binding_node: the smallest full node that holds the candidate; None for the selected.
        margin_score: lowest score that holds a place the candidate could have taken.
        swap_with: who holds that place.
        minimum_node: for a selected candidate, the node whose minimum holds the place against a better score.
        price: the score at which a place of this kind stands at the margin: the worth of one more place in every node
            that holds the candidate, summed; four decimals.
        distance: score less price: how far from the margin, negative for those left out.
        pressing: the nodes whose worth makes up the price: at their maximum, or (worth below zero) at their minimum.
    """

    application: UUID
    standing: Standing
    position: int
    score: Decimal
    binding_node: str | None = None
    margin_score: Decimal | None = None
    swap_with: UUID | None = None
    minimum_node: str | None = None
    price: Decimal | None = None
    distance: Decimal | None = None
    pressing: tuple[str, ...] = ()


def explain(tree: QuotaTree, choice: Choice, reserve_size: int) -> list[Explanation]:
    """One line per candidate: selected by merit, the ordered reserve, then everybody else."""
    lines, selected, reserve = [], 0, 0
    margins: dict[int, tuple[str, int | None]] = {}
    for rank, (candidate, home, kept) in enumerate(zip(choice.ranked, choice.homes, choice.chosen, strict=True)):
        if kept:
            selected += 1
            lines.append(
                Explanation(
                    candidate.participation, Standing.SELECTED, selected, candidate.score,
                    minimum_node=_minimum_node(tree, choice, rank),
                )
            )  # fmt: skip
            continue
        if home not in margins:
            margins[home] = _margin(tree, choice, home)
        node, partner = margins[home]
        reserve += 1
        standing = Standing.RESERVE if reserve <= reserve_size else Standing.OUT
        lines.append(
            Explanation(
                candidate.participation, standing, reserve if standing is Standing.RESERVE else rank + 1, candidate.score,
                binding_node=node,
                margin_score=None if partner is None else choice.ranked[partner].score,
                swap_with=None if partner is None else choice.ranked[partner].participation,
            )
        )  # fmt: skip
    order = list(Standing)
    return sorted(lines, key=lambda line: (order.index(line.standing), line.position))


def _margin(tree: QuotaTree, choice: Choice, home: int) -> tuple[str, int | None]:
    """The smallest full node above ``home`` and the weakest chosen in it whose place could change hands."""
    path = tree.path(home)
    full = next(index for index in path if choice.counts[index] >= tree.cells[index].max or index == 0)
    for rank in range(len(choice.ranked) - 1, -1, -1):
        if choice.chosen[rank] and _may_leave(tree, choice, choice.homes[rank], full, path):
            return tree.cells[full].code, rank
    return tree.cells[full].code, None


def _may_leave(tree: QuotaTree, choice: Choice, leaver: int, full: int, gaining: list[int]) -> bool:
    losing = tree.path(leaver)
    return full in losing and all(
        choice.counts[index] > tree.cells[index].min for index in losing if index not in gaining
    )


def _minimum_node(tree: QuotaTree, choice: Choice, rank: int) -> str | None:
    """The node whose owed minimum keeps this place although somebody with a higher score has none."""
    for index in tree.path(choice.homes[rank]):
        if 0 < tree.cells[index].min == choice.counts[index]:
            parent = tree.cells[index].parent
            better = any(
                not choice.chosen[other]
                and parent in tree.path(choice.homes[other])
                and index not in tree.path(choice.homes[other])
                for other in range(rank)
            )
            if better:
                return tree.cells[index].code
    return None
