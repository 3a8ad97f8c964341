"""What one more place in each quota is worth: linear duals found on blocked prefixes, made integers, bounds made exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from selection.domain.balancing.exact.instance import DENOMINATOR, Instance
from selection.domain.balancing.exact.relaxation import Program

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Duals:
    """Integer duals with the exact bound that they prove, both in units of 1/``DENOMINATOR``.

    Attributes:
        values: per row; positive where a maximum presses, negative where a minimum does.
        bound: no choice that fills the places within the rows has a score · DENOMINATOR above this.
        price: per cell, the sum of the duals of its rows.
        margin: per cell, how many candidates are worth more than their price.
    """

    values: Ints
    bound: int
    price: Ints
    margin: Ints


def priced(instance: Instance, values: Ints, places: int) -> Duals:
    """The exact bound of any duals: every choice within the rows scores at most this (weak duality)."""
    import numpy as np

    price = instance.prices(values)
    margin = _count(instance, lambda score: score * DENOMINATOR > price)
    begin = instance.start[:-1]
    gained = DENOMINATOR * (instance.prefix[begin + margin] - instance.prefix[begin]) - margin * price
    high = np.array([places, *(row.high for row in instance.rows[1:])], dtype=np.int64)
    low = np.array([places, *(row.low for row in instance.rows[1:])], dtype=np.int64)
    rows = np.where(values > 0, values * high, values * low)
    return Duals(values, int(gained.sum()) + int(rows.sum()), price, margin)


def best_duals(instance: Instance, places: int) -> Duals | None:
    """Duals whose bound is (nearly) the best there is; None when even shares of people cannot keep the rows.

    The first program sees every cell in a few blocks, each later one sees single candidates around the margin that
    the last one found and ever larger blocks away from it.
    """
    import numpy as np

    sizes = instance.sizes
    steps = np.linspace(0.0, 1.0, 25)
    points = np.rint(sizes[:, None] * steps[None, :]).astype(np.int64)
    best: Duals | None = None
    offsets = np.unique(np.concatenate([np.arange(4), np.rint(4 * 2.5 ** np.arange(15)).astype(np.int64)]))
    offsets = np.concatenate([-offsets[::-1], offsets[1:]])
    for _ in range(_ROUNDS):
        found = _linear(instance, places, points)
        if found is None:
            return None
        if best is not None and found.bound >= best.bound:
            break
        settled = best is not None and best.bound - found.bound < DENOMINATOR
        best = found
        if settled:
            break
        around = np.clip(found.margin[:, None] + offsets[None, :], 0, sizes[:, None])
        points = np.concatenate([np.zeros_like(around[:, :1]), around, sizes[:, None]], axis=1)
    return best


def _linear(instance: Instance, places: int, points: Ints) -> Duals | None:
    """Duals of the linear program over the blocks between ``points`` of each cell."""
    import numpy as np

    ends = np.sort(points, axis=1)
    width = np.diff(ends, axis=1)
    cell, block = np.nonzero(width)
    begin = instance.start[cell] + ends[cell, block]
    count = width[cell, block]
    value = (instance.prefix[begin + count] - instance.prefix[begin]) / count
    flat, first = instance.incidence
    per_cell = np.array([len(rows) for rows in instance.cell_rows], dtype=np.int64)
    lengths = per_cell[cell]
    pointer = np.concatenate([[0], np.cumsum(lengths)])
    within = np.arange(pointer[-1]) - np.repeat(pointer[:-1], lengths)
    rows = flat[np.repeat(first[cell], lengths) + within]
    low = [places, *(row.low for row in instance.rows[1:])]
    high = [places, *(row.high for row in instance.rows[1:])]
    point = Program(value, count, (pointer, rows), (low, high)).run()
    if point is None:
        return None
    return priced(instance, np.rint(point.duals * DENOMINATOR).astype(np.int64), places)


def windows(instance: Instance, duals: Duals, slack: int) -> tuple[Ints, Ints]:
    """Per cell the fewest and the most that can be chosen when at most ``slack`` of the bound is given away."""
    import numpy as np

    begin, margin, price, prefix = instance.start[:-1], duals.margin, duals.price, instance.prefix

    def lost(taken: Ints) -> Ints:
        gained = DENOMINATOR * (prefix[begin + margin] - prefix[begin + taken])
        lost: Ints = gained - (margin - taken) * price
        return lost

    low, high = np.zeros_like(margin), margin.copy()
    while (open_ := low < high).any():
        middle = (low + high) // 2
        fits = lost(middle) <= slack
        high = np.where(open_ & fits, middle, high)
        low = np.where(open_ & ~fits, middle + 1, low)
    least = high
    low, high = margin.copy(), instance.sizes.copy()
    while (open_ := low < high).any():
        middle = (low + high + 1) // 2
        fits = lost(middle) <= slack
        low = np.where(open_ & fits, middle, low)
        high = np.where(open_ & ~fits, middle - 1, high)
    return least, low


def near(instance: Instance, duals: Duals, wanted: int) -> int:
    """A slack that leaves about ``wanted`` candidates undecided."""
    import numpy as np

    offsets = np.arange(-8, 8)
    at = duals.margin[:, None] + offsets[None, :]
    inside = (at >= 0) & (at < instance.sizes[:, None])
    position = np.clip(instance.start[:-1, None] + at, 0, max(len(instance.score) - 1, 0))
    distance = np.abs(DENOMINATOR * instance.score[position] - duals.price[:, None])[inside]
    if not len(distance):
        return 0
    return int(np.partition(distance, min(wanted, len(distance) - 1))[min(wanted, len(distance) - 1)])


def _count(instance: Instance, worth: object) -> Ints:
    """Per cell how many leading candidates fulfil a condition that no later one fulfils again."""
    import numpy as np

    low, high = np.zeros_like(instance.sizes), instance.sizes.copy()
    begin = instance.start[:-1]
    last = max(len(instance.score) - 1, 0)
    while (open_ := low < high).any():
        middle = (low + high) // 2
        fits = worth(instance.score[np.minimum(begin + middle, last)])  # type: ignore[operator]
        low = np.where(open_ & fits, middle + 1, low)
        high = np.where(open_ & ~fits, middle, high)
    return low
