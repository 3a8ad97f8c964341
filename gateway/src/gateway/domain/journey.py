"""The journey: a person's whole way as a pure fold of events.

Each section is written by one service only and a service numbers its events per participation, so events of different
services may arrive in any order and the same set of events always gives the same journey. Amounts are fen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gateway.domain.happening import Happening

SECTIONS = ("application", "roster", "placement", "reports", "assessment", "certificate", "money")
"""The sections of a journey in the order of a person's way."""

SERVICES = ("selection", "placement", "assessment", "funding")
"""Who writes a journey; the order breaks ties of the timeline."""

MILESTONES = ("applied", "selected", "placed", "arrived", "ended", "assessed", "certified", "settled")
"""The milestones in the order of a person's way. Who reached one has reached it, also when it was undone later: a
person who was selected and withdrew counts as selected here, while ``stage`` says where the person stands now."""


@dataclass(slots=True)
class Journey:
    """What is known of one participation.

    Attributes:
        participation: the id that threads all services.
        facts: programme, batch, session, account, unit and the like, by the service that said so.
        sections: content per section, JSON values; a section is absent until something is known.
        as_of: business time of the last event per section, RFC 3339.
        milestones: ISO day per milestone reached.
        timeline: every event of the participation by time, then service, then sequence.
        sequences: last sequence number applied per service.
    """

    participation: str
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    as_of: dict[str, str] = field(default_factory=dict)
    milestones: dict[str, str] = field(default_factory=dict)
    timeline: list[dict[str, Any]] = field(default_factory=list)
    sequences: dict[str, int] = field(default_factory=dict)

    def fact(self, name: str) -> Any:
        """A fact by name; selection is asked before placement, because it owns the person's side."""
        for service in SERVICES:
            value = self.facts.get(service, {}).get(name)
            if value is not None:
                return value
        return None

    def section(self, name: str, happening: Happening) -> dict[str, Any]:
        """The section to write to, stamped with the time of ``happening``."""
        self.as_of[name] = max(self.as_of.get(name, ""), happening.stamp)
        return self.sections.setdefault(name, {})

    def reach(self, milestone: str, day: str) -> None:
        """Note the day of a milestone; the latest statement of its one author stands."""
        self.milestones[milestone] = day

    @property
    def stage(self) -> str:
        """Where the person stands, one word; it depends on what is known, never on what arrived last."""
        return stage_of(self)

    @property
    def outcome(self) -> str | None:
        """How the story ended, or None while it is open."""
        outcome: str | None = self.sections.get("application", {}).get("outcome")
        return outcome

    @property
    def prefecture(self) -> str | None:
        """Path of the prefecture of the sending unit (``cn/54/5401``), or None while the unit is unknown."""
        unit = self.fact("unit")
        return "/".join(str(unit).split("/")[:3]) if unit else None


STAGES = (
    "applied", "withdrawn", "selected", "deselected", "proposed", "placed", "in_training",
    "not_started", "ended", "failed", "passed", "certified", "suspended", "revoked", "not_selected", "rejected",
)  # fmt: skip
"""Every word that ``Journey.stage`` may say."""


def stage_of(journey: Journey) -> str:
    """The stage of a journey: the furthest thing that is true of it, except that leaving outweighs progress."""
    application = journey.sections.get("application", {})
    roster = journey.sections.get("roster", {})
    placement = journey.sections.get("placement", {})
    certificate = journey.sections.get("certificate", {})
    result = journey.sections.get("assessment", {}).get("result")
    if certificate:
        state = str(certificate["state"])
        return "certified" if state == "issued" else state
    if result:
        return "passed" if result == "pass" else "failed"
    if application.get("state") == "withdrawn":
        return "withdrawn"
    if placement.get("state") == "ended":
        return "ended" if placement["started"] else "not_started"
    if roster.get("state") == "deselected":
        return "deselected"
    if journey.outcome in {"not_selected", "rejected"}:
        return journey.outcome
    if "arrived" in journey.milestones:
        return "in_training"
    if "placed" in journey.milestones:
        return "placed"
    if placement.get("state") == "proposed":
        return "proposed"
    return "selected" if "selected" in journey.milestones else "applied"
