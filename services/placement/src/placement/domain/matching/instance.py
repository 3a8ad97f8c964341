"""The input of a run: people and places as indices, wishes as ordered indices of places.

A person's order over acceptable places has four blocks, specialty match always before preference (M-03):
wished places of the specialty, other places of the specialty, wished places of the group, other places of the group.
Places nobody wished for are rotated by the person's position, so that ties do not all fall on the first host.
Blocks three and four exist only where the policy accepts a match of the group.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, compress, islice
from uuid import UUID

GROUP_ONLY = 1
"""Lowest bit of an encoded choice: the place fits the group, not the specialty."""


@dataclass(frozen=True, slots=True)
class Seeker:
    """A person to be matched. ``excluded`` are hosts that declined before; ``accept_group`` widens the fit (M-03)."""

    participation: UUID
    specialty: str
    specialty_group: str
    rank: int
    preferences: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()
    accept_group: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Free places of one offer; no ``specialties`` means every specialty of the group."""

    offer: UUID
    host: str
    specialty_group: str
    specialties: tuple[str, ...]
    free: int


class Block:
    """Places of one fit, in order and as a set."""

    __slots__ = ("members", "order")

    def __init__(self, order: tuple[int, ...]) -> None:
        self.order = order
        self.members = frozenset(order)


class Instance:
    """Seekers in the order of the roster, places in the order of host and offer, and everybody's choices.

    ``seekers[0]`` has the best rank, so the position is the host's order within one fit (lower is better).
    """

    def __init__(self, seekers: Iterable[Seeker], places: Iterable[Place]) -> None:
        self.seekers = sorted(seekers, key=lambda seeker: (seeker.rank, seeker.participation))
        self.places = sorted(places, key=lambda place: (place.host, place.offer))
        self.capacity = [place.free for place in self.places]
        self._of_host: dict[str, list[int]] = defaultdict(list)
        self._of_group: dict[str, list[int]] = defaultdict(list)
        for index, place in enumerate(self.places):
            self._of_host[place.host].append(index)
            self._of_group[place.specialty_group].append(index)
        self._blocks: dict[tuple[str, str], tuple[Block, Block]] = {}
        self.wished = [self._wished(person) for person in self.seekers]
        """The first block of everybody's choices, laid out: wished places of the specialty, encoded."""

    def choices(self, seeker: int) -> Iterator[int]:
        """Acceptable places from best to worst, each as ``place * 2 + group_only``."""
        yield from self.wished[seeker]
        yield from self.unwished(seeker)

    def unwished(self, seeker: int) -> Iterator[int]:
        """What comes after the first block: made only when somebody gets that far."""
        person = self.seekers[seeker]
        exact, related = self._by_fit(person)
        first = frozenset(self.wished[seeker])
        for index in self._in_turn(exact, seeker):
            if index << 1 not in first and self.places[index].host not in person.excluded:
                yield index << 1
        if person.accept_group and related.order:
            second = self._wishes(person, related, GROUP_ONLY)
            yield from second
            for index in self._in_turn(related, seeker):
                choice = index << 1 | GROUP_ONLY
                if choice not in second and self.places[index].host not in person.excluded:
                    yield choice

    def score(self, seeker: int, choice: int) -> int:
        """How the place orders the person: fit first, then the roster; lower is better and no two are equal."""
        return (choice & GROUP_ONLY) * len(self.seekers) + seeker

    def wish(self, seeker: int, place: int) -> int | None:
        """1 for the first wish, 2 for the second …, None for a host the person did not name."""
        host = self.places[place].host
        preferences = self.seekers[seeker].preferences
        return preferences.index(host) + 1 if host in preferences else None

    def sha256(self) -> str:
        """Hash of the canonical JSON of the whole input; the run can be repeated from it."""
        content = {
            "seekers": [
                [
                    str(s.participation),
                    s.specialty,
                    s.specialty_group,
                    s.rank,
                    list(s.preferences),
                    sorted(s.excluded),
                    s.accept_group,
                ]
                for s in self.seekers
            ],
            "places": [[str(p.offer), p.host, p.specialty_group, list(p.specialties), p.free] for p in self.places],
        }
        canonical = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def _wished(self, person: Seeker) -> tuple[int, ...]:
        return self._wishes(person, self._by_fit(person)[0], 0)

    def _wishes(self, person: Seeker, block: Block, bit: int) -> tuple[int, ...]:
        return tuple(
            index << 1 | bit
            for host in person.preferences
            if host not in person.excluded
            for index in self._of_host.get(host, ())
            if index in block.members
        )

    @staticmethod
    def _in_turn(block: Block, seeker: int) -> Iterator[int]:
        turn = seeker % len(block.order) if block.order else 0
        return chain(islice(block.order, turn, None), islice(block.order, turn))

    def _by_fit(self, person: Seeker) -> tuple[Block, Block]:
        key = (person.specialty, person.specialty_group)
        if key not in self._blocks:
            group = self._of_group.get(person.specialty_group, [])
            fits = [not self.places[i].specialties or person.specialty in self.places[i].specialties for i in group]
            self._blocks[key] = (
                Block(tuple(compress(group, fits))),
                Block(tuple(i for i, exact in zip(group, fits, strict=True) if not exact)),
            )
        return self._blocks[key]
