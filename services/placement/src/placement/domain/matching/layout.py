"""How everybody stands to every place: levels, lists of wished places, and the blocks beyond the wishes.

A person's order over acceptable places has four blocks, specialty match always before preference (M-03): wished places
of the specialty, other places of the specialty, wished places of the group, other places of the group. Places beyond
the wishes are rotated by the person's position, so that ties do not all fall on the first host. A place orders people by
fit, then by its own groups of priority, then by roster rank; equal ranks by participation. So no two scores are equal,
and every tie is broken by the stored input alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from placement.domain.matching.instance import Cell, Instance, Place

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.signedinteger[Any]]
    Levels = NDArray[np.int16]

GROUP: Final = 64
"""Levels from here on fit the group only; below it they fit the specialty. Lower levels are taken first.

The rest is the number of the host's group of priority, ``GROUP - 1`` for whoever is in none."""
BARRED: Final = -1
UNMATCHED: Final = -1
_SHIFT: Final = 7
MASK: Final = (1 << _SHIFT) - 1


class Layout:
    """An instance made ready for matching.

    Attributes:
        capacity: free places of each place.
        level: cell × place; ``BARRED`` or how the place orders people of the cell.
        exact, related: entries ``place * 128 + level`` of the wished places by fit, in the order of wishes; those of
            person ``i`` are ``exact[exact_start[i]:exact_start[i + 1]]``.
    """

    def __init__(self, instance: Instance) -> None:
        import numpy as np

        self.instance = instance
        self.size = len(instance)
        self.capacity = [place.free for place in instance.places]
        self.level = _levels(instance)
        groups = sorted({place.specialty_group for place in instance.places})
        number = {group: index for index, group in enumerate(groups)}
        code = {host: index for index, host in enumerate(instance.hosts)}
        place_of = np.full((len(instance.hosts) + 1, len(groups) + 1), UNMATCHED, np.int32)
        for index, place in enumerate(instance.places):
            if place_of[code[place.host], number[place.specialty_group]] != UNMATCHED:
                raise ValueError(f"two offers of {place.host} in {place.specialty_group}")
            place_of[code[place.host], number[place.specialty_group]] = index
        group_of = np.array([number.get(cell.specialty_group, len(groups)) for cell in instance.cells], np.int64)
        who = np.repeat(np.arange(self.size, dtype=np.int32), np.diff(instance.wish_start))
        at = place_of[instance.wish_host, group_of[instance.cell[who]]] if len(who) else who
        level = self.level[instance.cell[who], at] if len(who) and len(self.capacity) else at * 0 + BARRED
        kept = (at >= 0) & (level >= 0)
        if len(instance.declined):
            stride = len(instance.hosts) + 1
            gone = instance.declined[:, 0] * stride + instance.declined[:, 1]
            kept &= ~np.isin(who.astype(np.int64) * stride + instance.wish_host, gone)
        self.wish_number = (np.arange(len(who)) - instance.wish_start[who]).astype(np.int16)
        self.exact_start, self.exact, self.exact_wish = self._taken(kept & (level < GROUP), who, at, level)
        self.related_start, self.related, self.related_wish = self._taken(kept & (level >= GROUP), who, at, level)
        self.declined: dict[int, set[int]] = {}
        for seeker, host in instance.declined.tolist():
            self.declined.setdefault(seeker, set()).add(host)
        self.host_of = np.array([code[each.host] for each in instance.places], np.int64)
        self._blocks: dict[tuple[int, bool], tuple[Ints, Ints]] = {}

    def _taken(self, kept: NDArray[np.bool_], who: Ints, place: Ints, level: Ints) -> tuple[Ints, Ints, Ints]:
        import numpy as np

        start = np.zeros(self.size + 1, np.int64)
        np.cumsum(np.bincount(who[kept], minlength=self.size), out=start[1:])
        return start, (place[kept].astype(np.int64) << _SHIFT) | level[kept], self.wish_number[kept]

    def block(self, cell: int, related: bool) -> tuple[Ints, Ints]:
        """Places of one fit for a cell, in the order of hosts, and what each adds to a person's position as score."""
        import numpy as np

        key = (cell, related)
        if key not in self._blocks:
            row = self.level[cell]
            fitting = row >= GROUP if related else (row >= 0) & (row < GROUP)
            if not self.instance.method.beyond_wishes:
                fitting = fitting & False
            places = np.flatnonzero(fitting)
            self._blocks[key] = (places, row[places].astype(np.int64) * self.size)
        return self._blocks[key]

    def free_of(self, seeker: int, places: Ints) -> NDArray[np.bool_]:
        """Which of the places did not decline the person."""
        import numpy as np

        gone = self.declined.get(seeker)
        return np.ones(len(places), bool) if gone is None else ~np.isin(self.host_of[places], list(gone))

    def choices(self, seeker: int) -> Iterator[int]:
        """Acceptable places from best to worst; the plain statement of the order, for tests and explanations."""
        cell = int(self.instance.cell[seeker])
        for related, start, entries in (
            (False, self.exact_start, self.exact),
            (True, self.related_start, self.related),
        ):
            wished = [entry >> _SHIFT for entry in entries[start[seeker] : start[seeker + 1]].tolist()]
            yield from wished
            places, _ = self.block(cell, related)
            free = places[self.free_of(seeker, places)].tolist()
            turn = int(places[seeker % len(places)]) if len(places) else 0
            beyond = [place for place in free if place not in wished]
            yield from (place for place in beyond if place >= turn)
            yield from (place for place in beyond if place < turn)

    def score(self, seeker: int, place: int) -> int:
        """How the place orders the person; lower is better and no two are equal."""
        return int(self.level[self.instance.cell[seeker], place]) * self.size + seeker

    def wish(self, seeker: int, place: int) -> int | None:
        """1 for the first wish, 2 for the second …, None for a host the person did not name."""
        wishes = self.instance.wishes(seeker)
        host = int(self.host_of[place])
        return wishes.index(host) + 1 if host in wishes else None


def _levels(instance: Instance) -> Levels:
    """Computed once for each kind of place; places of one kind differ in host and capacity only."""
    import numpy as np

    kinds: dict[tuple[object, ...], int] = {}
    kind_of = np.empty(len(instance.places), np.int64)
    examples: list[Place] = []
    for index, place in enumerate(instance.places):
        key = (place.specialty_group, place.specialties, place.lane, place.priorities)
        if key not in kinds:
            kinds[key] = len(kinds)
            examples.append(place)
        kind_of[index] = kinds[key]
    table = np.array(
        [[_level(cell, place, instance) for place in examples] for cell in instance.cells], np.int16
    ).reshape(len(instance.cells), len(examples))
    return table[:, kind_of]


def _level(cell: Cell, place: Place, instance: Instance) -> int:
    if place.specialty_group != cell.specialty_group or (cell.lane, place.lane) in instance.barred:
        return BARRED
    exact = not place.specialties or cell.specialty in place.specialties
    if not exact and not cell.accept_group:
        return BARRED
    groups = enumerate(place.priorities)
    priority = next((n for n, (member, codes) in groups if cell.says(member, codes)), GROUP - 1)
    return (0 if exact else GROUP) + priority
