"""The matching of greatest total fit, with the prices that prove it (min-cost assignment with capacities).

Primal-dual (Kuhn 1955, with capacities): every place has a price, a person wants the places of greatest value less
price. People are seated along chains of such wishes; when no chain is left, the prices of all places that the unseated
can reach rise together. Values are small whole numbers, so there are few rises. At the end the sum of values equals
the sum of prices and gains: no matching can be better, whatever the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

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
        self.room = list(layout.capacity)
        self.seated: list[list[int]] = [[] for _ in layout.capacity]
        self.result = [UNMATCHED] * layout.size
        self.barred = {(seeker, place) for seeker in layout.declined for place in self._declined(seeker)}

    def _declined(self, seeker: int) -> list[int]:
        import numpy as np

        hosts = list(self.layout.declined[seeker])
        found: list[int] = np.flatnonzero(np.isin(self.layout.host_of, hosts)).tolist()
        return found

    def run(self) -> Welfare:
        """Seat, raise, seat again, until nobody who is unseated would gain by a place."""
        import numpy as np

        best, self.pool = self._best()
        self.gain: Ints = np.maximum(best, 0)
        while True:
            waiting = [seeker for seeker in np.flatnonzero(self.gain).tolist() if self.result[seeker] == UNMATCHED]
            if not waiting:
                break
            reached = self._seat_all(waiting)
            waiting = [seeker for seeker in waiting if self.result[seeker] == UNMATCHED]
            if waiting:
                self._raise(waiting, reached)
        matched = np.array(self.result, np.int64)
        prices = int((self.price * np.array(self.layout.capacity, np.int64)).sum())
        return Welfare(self.result, self._total(matched), prices + int(self.gain.sum()))

    def _best(self) -> tuple[Ints, Ints]:
        """The greatest value less price of everybody, and of every cell beyond the wishes."""
        import numpy as np

        size = self.layout.size
        pool = (self.base - self.price).max(axis=1, initial=-_FAR)
        best = pool[self.layout.instance.cell]
        for seeker in self.layout.declined:
            best[seeker] = self._own_pool(seeker)
        if len(self.place):
            net = self.value - self.price[self.place]
            who = np.repeat(np.arange(size), np.diff(self.start))
            np.maximum.at(best, who, net)
        return best, pool

    def _own_pool(self, seeker: int) -> int:
        """The pool of somebody whom hosts declined: without those."""
        net = self.base[self.cell[seeker]] - self.price
        net[self._declined(seeker)] = -_FAR
        return int(net.max(initial=-_FAR))

    def _seat_all(self, waiting: list[int]) -> set[int]:
        """Seat whom chains can seat, in passes; returns the places that the last pass reached in vain."""
        self._open_pass()
        while True:
            self.seen: set[int] = set()
            self.pools_seen: set[int] = set()
            before = len(waiting)
            waiting = [seeker for seeker in waiting if not self._seat(seeker)]
            if not waiting or len(waiting) == before:
                return self.seen

    def _open_pass(self) -> None:
        """What everybody wants at these prices: wished places as lists, and the places of each cell's pool."""
        import numpy as np

        net = self.value - self.price[self.place]
        who = np.repeat(np.arange(self.layout.size), np.diff(self.start))
        tight = net == self.gain[who]
        counts = np.bincount(who[tight], minlength=self.layout.size)
        self.first: list[int] = np.concatenate(([0], np.cumsum(counts))).tolist()
        self.wanted: list[int] = self.place[tight].tolist()
        pool = self.base - self.price
        self.pool = pool.max(axis=1, initial=-_FAR)
        self.pool_places: list[list[int]] = [
            np.flatnonzero(pool[cell] == self.pool[cell]).tolist() if self.pool[cell] >= 0 else []
            for cell in range(len(pool))
        ]
        self.pool_room = [list(places) for places in self.pool_places]
        self.in_pool: list[bool] = (self.pool[self.layout.instance.cell] == self.gain).tolist()
        self.gains: list[int] = self.gain.tolist()

    def _wants(self, seeker: int) -> list[int]:
        """Places the person wants now that this pass has not reached yet; they count as reached from here on."""
        seen = self.seen
        found = [place for place in self.wanted[self.first[seeker] : self.first[seeker + 1]] if place not in seen]
        cell = self.cell[seeker]
        if seeker in self.layout.declined:
            net = self.base[cell] - self.price
            net[self._declined(seeker)] = -_FAR
            found += [int(p) for p in (net == self.gains[seeker]).nonzero()[0] if int(p) not in seen]
        elif self.in_pool[seeker]:
            open_ = self._open_in_pool(seeker)
            if open_ is not None:
                return [*found, open_]
            if cell not in self.pools_seen:
                self.pools_seen.add(cell)
                found += [place for place in self.pool_places[cell] if place not in seen]
        seen.update(found)
        return found

    def _open_in_pool(self, seeker: int) -> int | None:
        """A place of the cell's pool that has room; by turns, so that not all fall on the first."""
        places = self.pool_room[self.cell[seeker]]
        while places:
            at = seeker % len(places)
            if self.room[places[at]] > 0:
                return places[at]
            del places[at]
        return None

    def _seat(self, root: int) -> bool:
        """Seat one person along a shortest chain, breadth first; people on it move to another place they want."""
        came: dict[int, int] = {}
        front = [root]
        while front:
            following: list[int] = []
            for seeker in front:
                for place in self._wants(seeker):
                    came[place] = seeker
                    if self.room[place] > 0:
                        self.room[place] -= 1
                        self._move(root, place, came)
                        return True
                    for holder in self.seated[place]:
                        if self.gains[holder] == 0:
                            self.seated[place].remove(holder)
                            self.result[holder] = UNMATCHED
                            self._move(root, place, came)
                            return True
                    following += self.seated[place]
            front = following
        return False

    def _move(self, root: int, place: int, came: dict[int, int]) -> None:
        while True:
            seeker = came[place]
            before = self.result[seeker]
            self.result[seeker] = place
            self.seated[place].append(seeker)
            if seeker == root:
                return
            self.seated[before].remove(seeker)
            place = before

    def _raise(self, waiting: list[int], reached: set[int]) -> None:
        """Raise the prices of what the unseated reach until one more place, or none, is as good to somebody."""
        import numpy as np

        mask = np.zeros(len(self.price), bool)
        mask[list(reached)] = True
        people = np.array([*waiting, *(holder for place in reached for holder in self.seated[place])], np.int64)
        step = int(self.gain[people].min())
        among = np.zeros(self.layout.size, bool)
        among[people] = True
        who = np.repeat(np.arange(self.layout.size), np.diff(self.start))
        edge = among[who] & ~mask[self.place]
        if edge.any():
            step = min(step, int((self.gain[who[edge]] - self.value[edge] + self.price[self.place[edge]]).min()))
        outside = np.where(mask, -_FAR, self.base - self.price).max(axis=1, initial=-_FAR)
        step = min(step, int((self.gain[people] - outside[self.layout.instance.cell[people]]).min()))
        step = max(step, 1)
        self.price[mask] += step
        self.gain[people] -= step

    def _total(self, matched: Ints) -> int:
        import numpy as np

        seekers = np.flatnonzero(matched >= 0)
        if not len(seekers):
            return 0
        who = np.repeat(np.arange(self.layout.size), np.diff(self.start))
        worth = self.base[self.layout.instance.cell[seekers], matched[seekers]]
        wished = np.full(self.layout.size, -_FAR, np.int64)
        mine = self.place == matched[who]
        wished[who[mine]] = self.value[mine]
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
