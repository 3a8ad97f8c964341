"""Whom to inspect and when: a seeded draw that favours hosts not seen for long and has no cadence (D-03)."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition

NEVER_DAYS = 1100
"""A host that was never inspected counts as one last seen three years ago."""


class DrawState(StrEnum):
    """A draw only proposes; a person decides."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


_REGION = frozenset({Role.REGIONAL_OFFICER})

DRAW = Lifecycle(
    "inspection draw",
    initial=DrawState.PROPOSED,
    transitions=[
        Transition("confirm", DrawState.PROPOSED, DrawState.CONFIRMED, _REGION),
        Transition("discard", DrawState.PROPOSED, DrawState.DISCARDED, _REGION),
    ],
)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A host with trainees and the days since it was last inspected."""

    host: str
    days_since: int


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A host that is proposed, and the day."""

    host: str
    planned_on: date


@dataclass(kw_only=True)
class InspectionDraw(Aggregate):
    """A draw with everything it was made of, so that anybody entitled can make it again."""

    lifecycle: ClassVar[Lifecycle[DrawState]] = DRAW

    region: str
    programme: str
    policy_version: str
    session: str
    seed: str
    first_day: date
    last_day: date
    candidates: list[Candidate] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)
    made_by: str
    decided_by: str | None = None
    state: DrawState = DrawState.PROPOSED

    @property
    def facets(self) -> Facets:
        """The region's alone."""
        return Facets(unit=self.region)

    def decide(self, action: str, *, by: Actor) -> None:
        """A person confirms or discards it."""
        self._advance(action, by)
        self.decided_by = by.subject


def how_many(candidates: int, share_percent: int, this_year: int) -> int:
    """Hosts still to be drawn this year: the policy's share, rounded up, less those inspected or planned already."""
    return max(0, math.ceil(candidates * share_percent / 100) - this_year)


def draw(candidates: Sequence[Candidate], count: int, seed: str, first: date, last: date) -> list[Drawn]:
    """``count`` hosts without replacement, the chance growing with the days since the last visit; each on a day of its own.

    Every host can be drawn, also one seen yesterday (weight 1), so that nobody is safe and nobody knows (weighted
    sampling by exponential clocks). The same seed and candidates give the same draw in whatever order they come.
    """
    clocks = sorted((_clock(seed, each), each.host) for each in candidates)
    span = (last - first).days + 1
    return [
        Drawn(host=host, planned_on=first + timedelta(days=int(_uniform(seed, "day", host) * span)))
        for _, host in clocks[:count]
    ]


def _clock(seed: str, candidate: Candidate) -> float:
    return -math.log(_uniform(seed, "host", candidate.host)) / (1 + max(0, candidate.days_since))


def _uniform(*words: str) -> float:
    """A number in (0, 1), a function of the words."""
    digest = hashlib.sha256("\x00".join(words).encode()).digest()
    return (int.from_bytes(digest[:6], "big") + 1) / (2**48 + 2)


def seed_of(id: UUID, today: date) -> str:
    """The seed of a draw: made from an id that nobody knows before."""
    return hashlib.sha256(f"{id}|{today}".encode()).hexdigest()
