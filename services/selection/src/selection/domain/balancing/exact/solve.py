"""The canonical best choice under crossing quotas: most places, then highest score, then first in order of merit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from selection.domain.balancing.exact.duals import Duals, best_duals, near, windows
from selection.domain.balancing.exact.instance import DENOMINATOR, Instance
from selection.domain.balancing.exact.residue import Residue, residue_of
from selection.domain.balancing.exact.settle import NotSettled, Settler

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

CHUNK = 20
"""So many candidates of a tie are settled at a time; the certificate names this number."""
_UNDECIDED = 240
_SECONDS = 120.0


class Infeasible(Exception):
    """No choice keeps every row."""


@dataclass
class Solution:
    """The choice and what proves it.

    Attributes:
        places: how many places are filled, the most that any choice fills.
        total: integer score, the highest with so many places.
        taken: chosen per cell, the leading ones of the instance's order.
        duals: of the score; the explanation reads them.
        proved: False when branches ran out somewhere, so that the word of the solver stands for that part.
        certificate: trees by part, see ``docs/balancing.md``.
    """

    places: int
    total: int
    taken: Ints
    duals: Duals
    proved: bool
    certificate: dict[str, Any] = field(default_factory=dict)


def solve(instance: Instance, places: int) -> Solution:
    """Choose.

    Raises:
        Infeasible: when no number of places keeps every row.
    """
    wanted, fewer = min(places, len(instance.score)), None
    found = _best_score(instance, wanted)
    if found is None:
        wanted, fewer, certain = _most_places(instance, wanted)
        found = _best_score(instance, wanted)
        if found is None:
            raise Infeasible
        found.proved &= certain
    found.certificate["places"] = {"filled": wanted, "tree": fewer}
    _settle_ties(instance, found)
    return found


def _best_score(instance: Instance, places: int) -> Solution | None:
    """The highest score with exactly so many places, or None when there is no such choice."""
    duals = best_duals(instance, places)
    if duals is None:
        return None
    slack = near(instance, duals, _UNDECIDED)
    while True:
        low, high = windows(instance, duals, slack)
        residue = residue_of(instance, low, high, places, _bounds(instance))
        guess = Settler(residue, _base(residue)).best_integer(_SECONDS)
        if guess is None:
            if (low == 0).all() and (high == instance.sizes).all():
                return None
            slack = max(4 * slack, DENOMINATOR)
            continue
        taken = _with(low, residue, guess)
        gap = duals.bound - DENOMINATOR * instance.total(taken)
        if gap <= slack:
            break
        slack = gap
    tree: dict[str, Any] = {"duals": {str(n): int(v) for n, v in enumerate(duals.values) if v}, "score": 0}
    proved = True
    if gap >= DENOMINATOR:
        low, high = windows(instance, duals, gap)
        residue = residue_of(instance, low, high, places, _bounds(instance))
        try:
            settled = Settler(residue, _base(residue)).settle(_without(low, residue, taken))
        except NotSettled:
            proved = False
        else:
            assert settled is not None
            taken, tree = _with(low, residue, settled.taken), settled.tree
    root = {str(n): int(v) for n, v in enumerate(duals.values) if v}
    total = instance.total(taken)
    return Solution(places, total, taken, duals, proved, {"score": {"total": total, "duals": root, "tree": tree}})


def _most_places(instance: Instance, places: int) -> tuple[int, dict[str, Any] | None, bool]:
    """The most places that any choice fills, with the tree that proves it. Raises ``Infeasible``."""
    import numpy as np

    low, high = np.zeros_like(instance.sizes), instance.sizes
    bounds = [(0, places), *_bounds(instance)[1:]]
    residue = residue_of(instance, low, high, None, bounds, _one)
    settler = Settler(residue)
    guess = settler.best_integer(_SECONDS)
    try:
        settled = settler.settle(guess)
    except NotSettled:
        if guess is None:
            raise Infeasible from None
        return sum(guess), None, False
    if settled is None:
        raise Infeasible
    return settled.value, settled.tree, True


def _settle_ties(instance: Instance, found: Solution) -> None:
    """Among all choices with the best score the one that is first in order of merit; exact when it is proved."""
    gap = found.duals.bound - DENOMINATOR * found.total
    low, high = windows(instance, found.duals, gap)
    instance.arrange(low, high)
    bounds = _pressed(instance, found.duals, gap)
    free = sorted(
        (-int(instance.score[position]), instance.lot(int(instance.order[position])), cell, at)
        for cell in ((high > low).nonzero()[0]).tolist()
        for at in range(int(low[cell]), int(high[cell]))
        for position in (int(instance.start[cell]) + at,)
    )
    trees: list[dict[str, Any]] = []
    while True:
        free = [each for each in free if low[each[2]] <= each[3] < high[each[2]]]
        if not free:
            break
        chunk = free[:CHUNK]
        worth = {(cell, at): 2 ** (CHUNK - 1 - n) for n, (_, _, cell, at) in enumerate(chunk)}
        need = None if gap == 0 else found.total
        residue = residue_of(instance, low, high, found.places, bounds, partial(_worth, worth), need)
        try:
            settled = Settler(residue).settle(_without(low, residue, found.taken))
        except NotSettled:
            found.proved = False
            break
        assert settled is not None
        found.taken = _with(low, residue, settled.taken)
        trees.append(settled.tree)
        for _, _, cell, at in chunk:
            if at < found.taken[cell]:
                low[cell] = max(low[cell], at + 1)
            else:
                high[cell] = min(high[cell], at)
    found.certificate["ties"] = {"chunk": CHUNK, "trees": trees}


def _worth(worth: dict[tuple[int, int], int], cell: int, at: int) -> int:
    return worth.get((cell, at), 0)


def _one(_cell: int, _at: int) -> int:
    return 1


def _bounds(instance: Instance) -> list[tuple[int, int]]:
    return [(row.low, row.high) for row in instance.rows]


def _pressed(instance: Instance, duals: Duals, gap: int) -> list[tuple[int, int]]:
    """Rows with a price are (nearly) at the bound that presses, in every choice as good as the best."""
    pressed = []
    for row, dual in zip(instance.rows, duals.values.tolist(), strict=True):
        low, high = row.low, row.high
        if dual > 0:
            low = max(low, high - gap // dual)
        elif dual < 0:
            high = min(high, low + gap // -dual)
        pressed.append((low, high))
    return pressed


def _base(residue: Residue) -> int:
    """A middle value to measure the others from; every place costs it, and the number of places is fixed."""
    values = sorted(value for cell in residue.cells for value in cell.values)
    return values[len(values) // 2] if values else 0


def _with(low: Ints, residue: Residue, taken: tuple[int, ...]) -> Ints:
    whole = low.copy()
    for cell, count in zip(residue.cells, taken, strict=True):
        whole[cell.cell] += count
    return whole


def _without(low: Ints, residue: Residue, taken: Ints) -> tuple[int, ...]:
    return tuple(int(taken[cell.cell] - low[cell.cell]) for cell in residue.cells)
