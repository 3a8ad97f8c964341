"""The input of a run, in an order of its own: people by rank and participation, places by host and offer.

Whatever the order of the rows, the same people and places make the same input, bytes and hash, and thereby the same
proposal. People of one *cell* (specialty, group, lane of a pairing, facts that hosts order by) stand to every place in
the same way; a person adds rank, wishes and the hosts that declined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

STABLE, WELFARE = "stable", "welfare"

_CELL: Final = attrgetter("specialty", "specialty_group", "accept_group", "lane", "facts")
"""What a ``Cell`` is made of."""


class Seeker(NamedTuple):
    """A person to be matched.

    ``excluded`` are hosts that declined before; ``accept_group`` widens the fit (M-03); ``lane`` is what pairing rules
    ask of the person, ``facts`` are the (member, code) pairs by which hosts may order people.
    """

    participation: UUID
    specialty: str
    specialty_group: str
    rank: int
    preferences: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()
    accept_group: bool = True
    lane: str = ""
    facts: tuple[tuple[str, str], ...] = ()


class Place(NamedTuple):
    """Free places of one offer; no ``specialties`` means every specialty of the group.

    ``priorities`` are groups of people the host takes first, each a member and its codes, the first group foremost.
    """

    offer: UUID
    host: str
    specialty_group: str
    specialties: tuple[str, ...]
    free: int
    lane: str = ""
    priorities: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Cell(NamedTuple):
    """What people have in common who stand to every place in the same way."""

    specialty: str
    specialty_group: str
    accept_group: bool
    lane: str
    facts: tuple[tuple[str, str], ...]

    def says(self, member: str, codes: Sequence[str]) -> bool:
        """Whether people of this cell belong to a host's group of priority."""
        return (self.specialty if member == "specialty" else dict(self.facts).get(member)) in codes


@dataclass(frozen=True, slots=True)
class Weights:
    """Points of fit that *welfare* adds up; a match of the specialty always outweighs wish and priority together."""

    specialty: int = 40
    group: int = 10
    wishes: tuple[int, ...] = (20, 18, 16, 14, 12, 10, 8, 6, 4, 2)
    priorities: tuple[int, ...] = (6, 4, 2)


@dataclass(frozen=True, slots=True)
class Method:
    """How a run matches: ``stable`` or ``welfare``; without ``beyond_wishes`` nobody gets an unwished host."""

    name: str = STABLE
    beyond_wishes: bool = True
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """People and places in columns; row ``i`` has the ``i``-th best rank, the earlier participation among equals.

    Attributes:
        ids: participations, two unsigned 64-bit halves a row.
        rank, cell: of each person; ``cell`` indexes ``cells``.
        wish_start, wish_host: wishes of person ``i`` are ``wish_host[wish_start[i]:wish_start[i + 1]]``, into ``hosts``.
        declined: rows of (person, host) for hosts that declined before.
        barred: pairs of lanes (person's, place's) that the pairing rules refuse.
    """

    method: Method
    hosts: tuple[str, ...]
    cells: tuple[Cell, ...]
    places: tuple[Place, ...]
    barred: frozenset[tuple[str, str]]
    ids: NDArray[np.uint64]
    rank: Ints
    cell: Ints
    wish_start: Ints
    wish_host: Ints
    declined: Ints

    @classmethod
    def of(
        cls,
        seekers: Iterable[Seeker],
        places: Iterable[Place],
        method: Method | None = None,
        barred: Iterable[tuple[str, str]] = (),
    ) -> Instance:
        """Lay rows out in columns."""
        import numpy as np

        people = seekers if isinstance(seekers, list) else list(seekers)
        ordered = sorted(places, key=lambda place: (place.host, place.offer))
        size = len(people)
        raw = b"".join([person.participation.bytes for person in people])
        ids = np.frombuffer(raw, ">u8").astype(np.uint64).reshape(size, 2)
        rank = np.fromiter(map(attrgetter("rank"), people), np.int64, size)
        order = np.argsort(rank, kind="stable")
        if not np.diff(rank[order]).all():  # the ids decide only where ranks are equal
            order = np.lexsort((ids[:, 1], ids[:, 0], rank))
        seen: dict[Any, int] = {}
        met = np.fromiter((seen.setdefault(key, len(seen)) for key in map(_CELL, people)), np.int64, size)
        cells = sorted(seen)
        number = np.empty(len(cells), np.int64)
        number[[seen[key] for key in cells]] = np.arange(len(cells))
        cell = number[met]
        wished = list(map(attrgetter("preferences"), people))
        named = set(chain.from_iterable(wished))
        named.update(place.host for place in ordered)
        named.update(host for person in people if person.excluded for host in person.excluded)
        hosts = sorted(named)
        code = {host: index for index, host in enumerate(hosts)}
        counts = np.fromiter(map(len, wished), np.int64, size)[order]
        start = np.zeros(size + 1, np.int64)
        np.cumsum(counts, out=start[1:])
        wishes = np.fromiter(
            map(code.__getitem__, chain.from_iterable(map(wished.__getitem__, order.tolist()))),
            np.int64,
            int(start[-1]),
        )
        place_of = np.empty(size, np.int64)
        place_of[order] = np.arange(size)
        declined = sorted(
            (int(place_of[index]), code[host])
            for index, person in enumerate(people)
            if person.excluded
            for host in person.excluded
        )
        return cls(
            method or Method(), tuple(hosts), tuple(Cell(*key) for key in cells), tuple(ordered), frozenset(barred),
            ids[order], rank[order], cell[order], start, wishes,
            np.array(declined, np.int64).reshape(len(declined), 2),
        )  # fmt: skip

    def __len__(self) -> int:
        """How many people."""
        return len(self.rank)

    def participation(self, seeker: int) -> UUID:
        """Whom a row stands for."""
        high, low = self.ids[seeker].tolist()
        return UUID(int=high << 64 | low)

    def wishes(self, seeker: int) -> list[int]:
        """Wished hosts of a person, the first wish first, as indices into ``hosts``."""
        found: list[int] = self.wish_host[self.wish_start[seeker] : self.wish_start[seeker + 1]].tolist()
        return found
