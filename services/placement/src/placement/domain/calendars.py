"""Addresses of calendars: a secret in the address stands for the person until it is changed, revoked or too old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition

LIFETIME_DAYS = 400
"""An address ends by itself, so that roles that are long gone do not live on in it; a new secret renews it."""


class CalendarState(StrEnum):
    """Active until revoked."""

    ACTIVE = "active"
    REVOKED = "revoked"


_PEOPLE = frozenset(set(Role) - {Role.SYSTEM, Role.SERVICE})

CALENDAR = Lifecycle(
    "calendar",
    initial=CalendarState.ACTIVE,
    transitions=[
        Transition("rotate", CalendarState.ACTIVE, CalendarState.ACTIVE, _PEOPLE),
        Transition("revoke", CalendarState.ACTIVE, CalendarState.REVOKED, _PEOPLE),
    ],
)


@dataclass(kw_only=True)
class Calendar(Aggregate):
    """What an address may show: what its owner saw with these roles. Of the secret only its SHA-256 is kept."""

    lifecycle: ClassVar[Lifecycle[CalendarState]] = CALENDAR

    account: str
    organisation: str
    roles: list[str]
    token_sha256: str
    expires_on: date
    state: CalendarState = CalendarState.ACTIVE

    def rotate(self, token_sha256: str, today: date, *, by: Actor) -> None:
        """Another secret; the old address shows nothing from now on, and the roles are those of today."""
        self._advance("rotate", by)
        self.token_sha256, self.expires_on = token_sha256, today + timedelta(days=LIFETIME_DAYS)
        self.organisation, self.roles = by.organisation, sorted(role.value for role in by.roles)

    def revoke(self, *, by: Actor) -> None:
        """The address shows nothing any more, for good."""
        self._advance("revoke", by)


def a_calendar(id: UUID, token_sha256: str, today: date, *, by: Actor) -> Calendar:
    """A calendar of the caller's own."""
    return Calendar(
        id=id,
        account=by.subject,
        organisation=by.organisation,
        roles=sorted(role.value for role in by.roles),
        token_sha256=token_sha256,
        expires_on=today + timedelta(days=LIFETIME_DAYS),
    )
