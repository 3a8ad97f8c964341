"""A roster as the journeys need it: how far it is filed."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.domain.happening import Happening

STATES = {"roster.fixed": "fixed", "roster.filed": "filed", "roster.acknowledged": "acknowledged"}


@dataclass(slots=True)
class Roster:
    """What selection said about one roster, in its own order."""

    id: str
    programme: str | None = None
    session: str | None = None
    edition: int = 0
    state: str = "fixed"
    receipt: str | None = None
    selected_count: int | None = None
    reserve_count: int | None = None
    sequence: int = 0

    def apply(self, happening: Happening) -> bool:
        """Take in one event; False when it was taken in before or says nothing about rosters."""
        if happening.sequence <= self.sequence or happening.name not in STATES:
            return False
        payload = happening.payload
        self.sequence = happening.sequence
        self.state = STATES[happening.name]
        self.edition = payload["version"]
        self.session = payload["session"]
        if happening.name == "roster.fixed":
            self.programme = payload["programme"]
            self.selected_count, self.reserve_count = payload["selected_count"], payload["reserve_count"]
        self.receipt = payload.get("receipt")
        return True
