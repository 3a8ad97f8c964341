"""The matching of greatest total fit, with the prices that prove it (min-cost assignment with capacities).

Primal-dual (Kuhn 1955, with capacities): every place has a price, a person wants the places of greatest value less
price. People are seated along chains of such wishes; when no chain is left, the prices of all places that the unseated
can reach rise together. Values are small whole numbers, so there are few rises. At the end the sum of values equals
the sum of prices and gains: no matching can be better, whatever the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from placement.domain.matching.chains import Seating
from placement.domain.matching.layers import NOBODY, Demand
from placement.domain.matching.layout import _SHIFT, BARRED, GROUP, MASK, UNMATCHED, Layout

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_FAR: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class Welfare:
    """A matching, its total fit and the bound that no matching exceeds: equal, so the matching is a best one."""

    matching: list[int]
    value: int
    bound: int


def greatest_welfare(layout: Layout) -> Welfare:
    """The matching of greatest total fit; among equals the earlier in the roster and the earlier wish come first."""
    return _Assignment(layout).run()


class _Assignment:
    """Prices of places, gains of people, and who sits where.

    Attributes:
        edges: of each person, places worth more than their level alone (the wished ones), in the order of wishes.
        base: cell × place, what the place is worth without a wish; ``-_FAR`` where barred or beyond what is allowed.
    """

    def __init__(self, layout: Layout) -> None:
        import numpy as np

        self.layout = layout
        self.cell: list[int] = layout.instance.cell.tolist()
        self.start, self.place, self.value = _edges(layout)
        level = layout.level.astype(np.int64)
        self.base = np.where(level == BARRED, -_FAR, _worth(layout, level))
        if not layout.instance.method.beyond_wishes:
            self.base[:] = -_FAR
        self.price = np.zeros(len(layout.capacity), np.int64)
        self.seating = Seating(layout.size, layout.capacity)
        self.who = np.repeat(np.arange(layout.size), np.diff(self.start))

    def _declined(self, seeker: int) -> list[int]:
        import numpy as np

        hosts = list(self.layout.declined[seeker])
        found: list[int] = np.flatnonzero(np.isin(self.layout.host_of, hosts)).tolist()
        return found

    def run(self) -> Welfare:
        """Seat, raise, seat again, until nobody who is unseated would gain by a place."""
        import numpy as np

        self.gain: Ints = np.maximum(self._best(), 0)
        while True:
            waiting = self._waiting()
            if not len(waiting):
                break
            reached = self.seating.seat(self._demand(), waiting)
            waiting = self._waiting()
            if len(waiting):
                self._raise(waiting, reached)
        matched = np.array(self.seating.result, np.int64)
        prices = int((self.price * np.array(self.layout.capacity, np.int64)).sum())
        return Welfare(self.seating.result, self._total(matched), prices + int(self.gain.sum()))

    def _waiting(self) -> Ints:
        import numpy as np

        found: Ints = np.flatnonzero((np.array(self.seating.result, np.int64) == UNMATCHED) & (self.gain > 0))
        return found

    def _best(self) -> Ints:
        """The greatest value less price of everybody."""
        import numpy as np

        pool = (self.base - self.price).max(axis=1, initial=-_FAR)
        best: Ints = pool[self.layout.instance.cell]
        for seeker in self.layout.declined:
            best[seeker] = self._own_pool(seeker).max(initial=-_FAR)
        if len(self.place):
            np.maximum.at(best, self.who, self.value - self.price[self.place])
        return best

    def _own_pool(self, seeker: int) -> Ints:
        """What places beyond the wishes are worth to somebody whom hosts declined: theirs nothing."""
        net: Ints = self.base[self.cell[seeker]] - self.price
        net[self._declined(seeker)] = -_FAR
        return net

    def _demand(self) -> Demand:
        """What everybody wants at these prices: wished places as lists, the others as pools of cells."""
        import numpy as np

        gain, cell = self.gain, self.layout.instance.cell
        tight = self.value - self.price[self.place] == gain[self.who]
        who, wanted = self.who[tight], self.place[tight]
        net = self.base - self.price
        pool = net.max(axis=1, initial=-_FAR)
        pool_of = np.where((pool[cell] == gain) & (pool[cell] >= 0), cell, NOBODY)
        more = []
        for seeker in self.layout.declined:
            pool_of[seeker] = NOBODY
            if gain[seeker] >= 0:
                places = np.flatnonzero(self._own_pool(seeker) == gain[seeker])
                more.append((np.full(len(places), seeker, np.int64), places))
        if more:
            who = np.concatenate([who, *(each[0] for each in more)])
            wanted = np.concatenate([wanted, *(each[1] for each in more)])
            order = np.argsort(who, kind="stable")
            who, wanted = who[order], wanted[order]
        first = np.zeros(self.layout.size + 1, np.int64)
        np.cumsum(np.bincount(who, minlength=self.layout.size), out=first[1:])
        pools = [np.flatnonzero((row == best) & (best >= 0)) for row, best in zip(net, pool, strict=True)]
        return Demand(first, wanted, pool_of, pools, gain == 0)

    def _raise(self, waiting: Ints, reached: NDArray[np.bool_]) -> None:
        """Raise the prices of what the unseated reach until one more place, or none, is as good to somebody."""
        import numpy as np

        seat = np.array(self.seating.result, np.int64)
        among = (seat != UNMATCHED) & reached[seat]
        among[waiting] = True
        people = np.flatnonzero(among)
        step = int(self.gain[people].min())
        edge = among[self.who] & ~reached[self.place]
        if edge.any():
            step = min(step, int((self.gain[self.who[edge]] - self.value[edge] + self.price[self.place[edge]]).min()))
        outside = np.where(reached, -_FAR, self.base - self.price).max(axis=1, initial=-_FAR)
        step = min(step, int((self.gain[people] - outside[self.layout.instance.cell[people]]).min()))
        step = max(step, 1)
        self.price[reached] += step
        self.gain[people] -= step

    def _total(self, matched: Ints) -> int:
        import numpy as np

        seekers = np.flatnonzero(matched >= 0)
        if not len(seekers):
            return 0
        worth = self.base[self.layout.instance.cell[seekers], matched[seekers]]
        wished = np.full(self.layout.size, -_FAR, np.int64)
        mine = self.place == matched[self.who]
        wished[self.who[mine]] = self.value[mine]
        return int(np.maximum(worth, wished[seekers]).sum())


def _edges(layout: Layout) -> tuple[Ints, Ints, Ints]:
    """Wished places of everybody with their values, those of the specialty first."""
    import numpy as np

    who, place, level, wish = [], [], [], []
    for start, entries, number in (
        (layout.exact_start, layout.exact, layout.exact_wish),
        (layout.related_start, layout.related, layout.related_wish),
    ):
        who.append(np.repeat(np.arange(layout.size), np.diff(start)))
        place.append(entries >> _SHIFT)
        level.append(entries & MASK)
        wish.append(number)
    people = np.concatenate(who)
    order = np.argsort(people, kind="stable")
    points = np.array([*layout.instance.method.weights.wishes, 0], np.int64)
    bonus = points[np.minimum(np.concatenate(wish), len(points) - 1)]
    value = _worth(layout, np.concatenate(level)) + bonus
    start = np.zeros(layout.size + 1, np.int64)
    np.cumsum(np.bincount(people, minlength=layout.size), out=start[1:])
    return start, np.concatenate(place)[order], value[order]


def _worth(layout: Layout, level: Ints) -> Ints:
    """Points of a level: the fit, and the host's group of priority."""
    import numpy as np

    weights = layout.instance.method.weights
    points = np.zeros(GROUP, np.int64)
    points[: len(weights.priorities)] = weights.priorities
    worth: Ints = np.where(level >= GROUP, weights.group, weights.specialty) + points[level % GROUP]
    return worth
