"""Seat as many as can be seated at given prices: shortest chains from everybody unseated at once.

A person who wants a full place may have it when somebody who sits there moves to another place that this person wants
as much, and so on until there is room, or somebody sits who would as well have none. All people without a seat search
together, breadth first, in columns; then chains of that shortest length are walked until none is left, and the search
begins anew with longer ones (Dinic 1970; Hopcroft and Karp 1973). No edge is looked at twice between two searches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from placement.domain.matching.layers import NOBODY, SPENT, Demand, Layers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


class Seating:
    """Who sits where.

    Attributes:
        room: free seats of each place.
        result: the place of each person, or ``NOBODY``.
    """

    def __init__(self, people: int, capacity: list[int]) -> None:
        self.room = list(capacity)
        self.result = [NOBODY] * people

    def seat(self, demand: Demand, waiting: Ints) -> NDArray[np.bool_]:
        """Seat whom chains can seat; returns which places the rest reach, none of which has room for them."""
        import numpy as np

        walk = _Walk(self, demand)
        while True:
            result = np.array(self.result, np.int64)
            idle = np.flatnonzero(demand.idle & (result != NOBODY))
            giving = np.array(self.room, np.int64) > 0
            giving[result[idle]] = True
            layers = Layers(demand, result, giving, waiting)
            if not layers.found:
                reached: NDArray[np.bool_] = layers.level >= 0
                return reached
            walk.open(layers, idle.tolist())
            for person in waiting[layers.alive[waiting]].tolist():
                walk.follow(person)
            waiting = waiting[np.array(self.result, np.int64)[waiting] == NOBODY]


class _Walk:
    """One set of prices: the layers of the last search and how far each list has been read since."""

    def __init__(self, seating: Seating, demand: Demand) -> None:
        self.seating, self.pools = seating, demand.pools
        self.first: list[int] = demand.first.tolist()
        self.wanted: list[int] = demand.wanted.tolist()
        self.pool_of: list[int] = demand.pool_of.tolist()

    def open(self, layers: Layers, idle: list[int]) -> None:
        """Begin anew with the layers of a search."""
        self.last = layers.last
        self.layer: list[int] = layers.level.tolist()
        self.pool_layer: list[int] = layers.pool_level.tolist()
        self.holders: list[int] = layers.holders.tolist()
        self.held: list[int] = layers.starts[:-1].tolist()
        self.held_end: list[int] = layers.starts[1:].tolist()
        self.at = self.first[:-1].copy()
        self.pool_left = [
            places[layers.level[places] == layer][::-1].tolist() if layer >= 0 else []
            for places, layer in zip(self.pools, self.pool_layer, strict=True)
        ]
        self.leaving: dict[int, list[int]] = {}
        for person in reversed(idle):
            self.leaving.setdefault(self.seating.result[person], []).append(person)

    def follow(self, root: int) -> bool:
        """Seat one person along a chain of the layers; false when none is left for this person."""
        people, places = [root], list[int]()
        while people:
            depth = len(places)
            place = self._next(people[-1], depth)
            if place == NOBODY:
                people.pop()
                if places:
                    places.pop()
            elif depth == self.last:
                if self._take(place):
                    places.append(place)
                    for person, seat in zip(people, places, strict=True):
                        self.seating.result[person] = seat
                    return True
                self.layer[place] = SPENT
            elif self.held[place] < self.held_end[place]:
                people.append(self.holders[self.held[place]])
                self.held[place] += 1
                places.append(place)
            else:
                self.layer[place] = SPENT
        return False

    def _next(self, person: int, depth: int) -> int:
        """A place of the layer that the person wants: wishes in their order, then the pool by turns.

        By turns, so that people who could be anywhere do not all fall on the first host.
        """
        layer, at, end = self.layer, self.at[person], self.first[person + 1]
        while at < end:
            place = self.wanted[at]
            if layer[place] == depth:
                self.at[person] = at
                return place
            at += 1
        self.at[person] = at
        pool = self.pool_of[person]
        if pool == NOBODY or self.pool_layer[pool] != depth:
            return NOBODY
        left: list[int] = self.pool_left[pool]
        while left:
            turn = person % len(left)
            if layer[left[turn]] == depth:
                return left[turn]
            del left[turn]
        return NOBODY

    def _take(self, place: int) -> bool:
        """A seat of a place of the last layer: an empty one, or of somebody who would as well have none."""
        if self.seating.room[place] > 0:
            self.seating.room[place] -= 1
            return True
        leaving = self.leaving.get(place)
        if not leaving:
            return False
        self.seating.result[leaving.pop()] = NOBODY
        return True
