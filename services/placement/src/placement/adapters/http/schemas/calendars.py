"""Addresses of calendars on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from placement.domain.calendars import CALENDAR, Calendar, CalendarState
from shared.http.resources import Resource
from shared.kernel.actor import Actor


class CalendarOut(Resource):
    """An address that calendar programmes subscribe to; of its secret nothing is shown but once."""

    id: UUID
    version: int
    state: CalendarState
    allowed_actions: list[str]
    expires_on: date
    updated_at: datetime | None = None
    path: str | None = Field(default=None, description="with the secret; only in the first answer, never again")

    @classmethod
    def of(cls, calendar: Calendar, actor: Actor) -> CalendarOut:
        """The answer to a command, as it is kept with the key of the request: without the secret."""
        members = {name: getattr(calendar, name) for name in cls.model_fields if hasattr(calendar, name)}
        return cls(**members | {"allowed_actions": calendar.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> CalendarOut:
        """A row of the table."""
        members = {name: row._mapping[name] for name in cls.model_fields if name in row._mapping}
        return cls(**members | {"allowed_actions": CALENDAR.allowed(CalendarState(row.state), actor)})
