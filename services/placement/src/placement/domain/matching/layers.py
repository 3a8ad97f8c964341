"""The layers of a search for chains: how many moves away every place is, and from whom a seat can be reached at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

UNSEEN: Final = -1
SPENT: Final = -2
NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Demand:
    """What everybody wants at these prices.

    Attributes:
        first, wanted: places that person ``i`` wants are ``wanted[first[i]:first[i + 1]]``.
        pool_of: of each person, the pool whose places the person wants as well; ``NOBODY`` for none.
        pools: places of every pool.
        idle: whether a person would as well have no place.
    """

    first: Ints
    wanted: Ints
    pool_of: Ints
    pools: list[Ints]
    idle: Flags


class _Front:
    """People as many moves away from somebody unseated, and what they want: ``who[i]`` wants ``wanted[i]``."""

    def __init__(self, demand: Demand, people: Ints) -> None:
        import numpy as np

        starts, ends = demand.first[people], demand.first[people + 1]
        self.people = people
        self.who = np.repeat(people, ends - starts)
        self.wanted = demand.wanted[_ranges(starts, ends)]
        pools = np.unique(demand.pool_of[people])
        self.pools: list[int] = pools[pools >= 0].tolist()


class Layers:
    """One search, breadth first, from all people who wait.

    Attributes:
        found: whether a place was reached that has a seat to give; its layer is ``last``, and no later one was looked at.
        level, pool_level: the layer of each place and pool; ``UNSEEN``, or ``SPENT`` when it leads to no seat.
        alive: whether a chain leads from a person to a seat.
        holders, starts: people alive who sit at place ``p`` are ``holders[starts[p]:starts[p + 1]]``.
    """

    def __init__(self, demand: Demand, result: Ints, giving: Flags, waiting: Ints) -> None:
        import numpy as np

        self.demand, self.giving = demand, giving
        count = len(giving)
        order = np.argsort(result, kind="stable")
        seats = np.searchsorted(result[order], np.arange(count + 1))
        self.level = np.full(count, UNSEEN, np.int64)
        self.pool_level = np.full(len(demand.pools), UNSEEN, np.int64)
        self.alive = np.zeros(len(result), bool)
        fronts = [_Front(demand, waiting)]
        while not (found := bool(giving[places := self._reach(fronts)].any())) and len(places):
            fronts.append(_Front(demand, order[_ranges(seats[places], seats[places + 1])]))
        self.found, self.last = found, len(fronts) - 1
        if found:
            self._prune(fronts, result)
            some = order[self.alive[order]]
            self.starts = np.searchsorted(result[some], np.arange(count + 1))
            self.holders = some

    def _reach(self, fronts: list[_Front]) -> Ints:
        """Places that the last people want and nobody reached before: the next layer."""
        import numpy as np

        depth, last = len(fronts) - 1, fronts[-1]
        wanted = [last.wanted]
        for pool in last.pools:
            if self.pool_level[pool] == UNSEEN:
                self.pool_level[pool] = depth
                wanted.append(self.demand.pools[pool])
        places = np.concatenate(wanted)
        places = np.unique(places[self.level[places] == UNSEEN])
        self.level[places] = depth
        return places

    def _prune(self, fronts: list[_Front], result: Ints) -> None:
        """From the seats backwards: who leads to one is alive, places that lead to none are spent."""
        import numpy as np

        leading = self.giving & (self.level == self.last)
        for depth in range(self.last, -1, -1):
            here = fronts[depth]
            people = [here.who[leading[here.wanted]]]
            people += [
                here.people[self.demand.pool_of[here.people] == pool]
                for pool in here.pools
                if self.pool_level[pool] == depth and leading[self.demand.pools[pool]].any()
            ]
            some = np.concatenate(people)
            self.alive[some] = True
            self.level[(self.level == depth) & ~leading] = SPENT
            if depth:
                leading = np.zeros(len(leading), bool)
                leading[result[some]] = True


def _ranges(starts: Ints, ends: Ints) -> Ints:
    """The numbers of several ranges, one after the other."""
    import numpy as np

    counts = ends - starts
    offsets = np.repeat(starts - np.cumsum(counts) + counts, counts)
    found: Ints = offsets + np.arange(len(offsets))
    return found
