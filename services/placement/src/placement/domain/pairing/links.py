"""What a secondment works with and what comes of it: projects, funds and technology of the pairing, contributions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from placement.domain.pairing.schemes import Pairings
from placement.domain.placements.placement import Placement
from shared.kernel.lifecycle import Aggregate
from shared.kernel.refusals import Conflict, Malformed, RuleViolated


class ObjectKind(StrEnum):
    """Projects, funds and technology; people are the fourth of the four in one (W-08)."""

    PROJECT = "project"
    FUND = "fund"
    TECHNOLOGY = "technology"


@dataclass(kw_only=True)
class PairedObject(Aggregate):
    """A project, fund or technology of a pairing, by the code its own office gave it, in one of the paired places."""

    programme: str
    policy_version: str
    scheme: str
    kind: ObjectKind
    code: str
    area: str
    title: str

    def must_lie_in(self, pairings: Pairings | None) -> None:
        """Check scheme and area.

        Raises:
            Malformed: ``unknown-scheme``.
            RuleViolated: ``outside-pairing`` for an area on neither side of the scheme (W-08).
        """
        scheme = pairings.scheme(self.scheme) if pairings else None
        if scheme is None:
            raise Malformed("unknown-scheme", f"The programme has no pairing scheme '{self.scheme}'.", rule="W-08")
        if not (scheme.receives("sources", self.area) or scheme.receives("targets", self.area)):
            raise RuleViolated("outside-pairing", f"{self.area} is no place of '{self.scheme}'.", rule="W-08")


@dataclass(kw_only=True)
class SecondmentLink(Aggregate):
    """A secondment takes part in an object of its own pairing (W-08)."""

    participation: UUID
    object: UUID


@dataclass(kw_only=True)
class Contribution(Aggregate):
    """Something a seconded person did at the post, by type and day; ``object`` when it was for a linked one (W-11)."""

    participation: UUID
    kind: str
    made_on: date
    summary: str
    object: UUID | None = None
    recorded_by: str


def must_share_pairing(case: Placement, pairings: Pairings | None, found: PairedObject) -> None:
    """A secondment is linked within its own pairing only.

    Raises:
        RuleViolated: ``object-of-other-pairing`` (W-08).
    """
    direction = pairings.directions.get(case.direction) if pairings else None
    schemes = pairings.schemes_of(direction, case.origin_area) if pairings and direction else []
    if found.programme != case.programme or found.scheme not in {scheme.code for scheme in schemes}:
        raise RuleViolated("object-of-other-pairing", "This object belongs to another pairing.", rule="W-08")


def must_be_at_the_post(case: Placement, day: date, today: date) -> None:
    """A contribution is made between the arrival and the end, and not in the future.

    Raises:
        Conflict: ``not-arrived``.
        RuleViolated: ``date-in-future``, ``outside-term``.
    """
    if case.arrived_on is None:
        raise Conflict("not-arrived", "The person has not arrived at the post.", rule="W-11")
    if day > today:
        raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="W-11")
    if not case.arrived_on <= day <= (case.ended_on or case.planned_end):
        raise RuleViolated("outside-term", "That day is outside the term.", rule="W-11")
