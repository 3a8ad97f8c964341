"""A published event as the journey sees it: who said it, in which order, when, and what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

CALENDAR = ZoneInfo("Asia/Shanghai")
"""Where the programmes run; a day of a journey is a day there."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event.

    Attributes:
        service: the producing service.
        name: the event without service and version (``placement.arrived``).
        subject: participation id, or the id of the roster, budget or fund concerned.
        sequence: 1, 2, 3 … per service and subject.
        at: business time, aware, UTC.
        payload: the contract as JSON values.
    """

    service: str
    name: str
    subject: str
    sequence: int
    at: datetime
    payload: dict[str, Any]

    @property
    def day(self) -> date:
        """The calendar day of ``at`` where the programme runs."""
        return self.at.astimezone(CALENDAR).date()

    @property
    def stamp(self) -> str:
        """``at`` as RFC 3339 in UTC."""
        return self.at.isoformat().replace("+00:00", "Z")
