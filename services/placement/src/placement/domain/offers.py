"""Host offers: how many trainees a host takes in one session and specialty group (M-01)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import Conflict


class OfferState(StrEnum):
    """Open for proposals, or closed; places already given stay given."""

    OPEN = "open"
    CLOSED = "closed"


_HOST = frozenset({Role.HOST_OFFICER, Role.MINISTRY_OFFICER})

OFFER = Lifecycle(
    "offer",
    initial=OfferState.OPEN,
    transitions=[
        Transition("change", OfferState.OPEN, OfferState.OPEN, _HOST),
        Transition("close", OfferState.OPEN, OfferState.CLOSED, _HOST),
    ],
)


PRIORITY_MEMBERS = ("specialty", "title_level", "study_direction", "focus_area")
"""By what a host may order people; codes of the selection, nothing about a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """People whose member ``by`` is one of ``codes``."""

    by: str
    codes: list[str]


@dataclass(kw_only=True)
class Offer(Aggregate):
    """Places of one host in one session and specialty group. Empty ``specialties`` means the whole group.

    ``priorities`` are the host's own order within one fit: the first group foremost, whoever is in none comes last.
    """

    lifecycle: ClassVar[Lifecycle[OfferState]] = OFFER

    host: str
    programme: str
    policy_version: str
    session: str
    specialty_group: str
    specialties: list[str] = field(default_factory=list)
    priorities: list[Priority] = field(default_factory=list)
    capacity: int
    accepted: int = 0
    state: OfferState = OfferState.OPEN

    @property
    def free(self) -> int:
        """Places nobody has yet; never negative."""
        return self.capacity - self.accepted

    def change(
        self, capacity: int, specialties: list[str] | None, priorities: list[Priority] | None = None, *, by: Actor
    ) -> None:
        """Set the capacity (and the specialties and priorities) anew.

        Raises:
            Conflict: ``offer-below-accepted`` when fewer places are offered than trainees were accepted.
        """
        self._advance("change", by)
        if capacity < self.accepted:
            raise Conflict(
                "offer-below-accepted",
                f"{self.accepted} trainees are already accepted; offer at least that many places.",
                rule="M-01",
                accepted=self.accepted,
            )
        self.capacity = capacity
        if specialties is not None:
            self.specialties = specialties
        if priorities is not None:
            self.priorities = priorities

    def close(self, *, by: Actor) -> None:
        """Take no more proposals."""
        self._advance("close", by)

    def take_place(self) -> None:
        """Give one place away.

        Raises:
            Conflict: ``offer-closed`` or ``no-place-left``.
        """
        if self.state is not OfferState.OPEN:
            raise Conflict("offer-closed", "The offer is closed; no further trainee can be accepted under it.")
        if self.accepted >= self.capacity:
            raise Conflict(
                "no-place-left",
                "All places of this offer are taken; raise the capacity or decline the proposal.",
                rule="M-01",
                capacity=self.capacity,
            )
        self.accepted += 1

    def free_place(self) -> None:
        """Give one place back."""
        self.accepted -= 1

    def fit(self, specialty: str, group: str) -> str | None:
        """``specialty`` for a match of the specialty, ``group`` for the related group, None for neither (M-03)."""
        if group != self.specialty_group:
            return None
        return "specialty" if not self.specialties or specialty in self.specialties else "group"
