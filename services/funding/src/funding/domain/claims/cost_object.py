"""Cost objects: the class or the expert mission that a claim is for, with what bounds the claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class CostObjectKind(StrEnum):
    """What a claim is for."""

    PARTICIPATION = "participation"
    SESSION = "session"
    MISSION = "mission"


@dataclass(kw_only=True)
class CostObject:
    """A class (of a session) or an expert mission as finance has registered it; a participation needs none.

    Attributes:
        kind: session or mission.
        code: unique code; that of the class or the mission.
        session: code of the session whose allocation pays.
        organisation: path of the host or unit that runs it and claims for it.
        starts_on, ends_on: its days, both counted.
        persons: how many take part at most.
        province: where it is, two digits, or None.
        tier: tier of the place or posts, or None.
        registered_by: account of the preparer.
    """

    id: UUID
    version: int = 0
    kind: CostObjectKind
    code: str
    session: str
    organisation: str
    starts_on: date
    ends_on: date
    persons: int
    province: str | None = None
    tier: str | None = None
    registered_by: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a claim is held against: the term, the number of persons and the place of its cost object."""

    starts_on: date
    ends_on: date
    persons: int
    province: str | None
    tier: str | None

    def day(self, on: date) -> int:
        """Which day of the term it is, from 1."""
        return (on - self.starts_on).days + 1
