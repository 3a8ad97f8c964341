"""What selection says: application, roster, reserve."""

from __future__ import annotations

from gateway.domain.folding.writing import Write, know, take
from gateway.domain.happening import Happening
from gateway.domain.journey import Journey


def _submitted(journey: Journey, happening: Happening) -> None:
    know(journey, happening, "account", "programme", "batch", "session", "unit", "origin_area")
    section = journey.section("application", happening)
    take(section, happening, "call", "unit", "origin_area")
    section["state"] = "submitted"
    section.pop("outcome", None)
    journey.reach("applied", happening.day.isoformat())


def _withdrawn(journey: Journey, happening: Happening) -> None:
    know(journey, happening, "programme", "session")
    section = journey.section("application", happening)
    section["state"] = "withdrawn"
    section["withdrawn_at_stage"] = happening.payload["stage"]
    section["reason"] = happening.payload["reason"]


def _selected(journey: Journey, happening: Happening) -> None:
    know(journey, happening, "account", "programme", "batch", "session", "origin_area", unit="sending_unit")
    section = journey.section("roster", happening)
    take(
        section, happening,
        "roster", "roster_version", "direction", "specialty", "specialty_group", "study_direction", "focus_area",
        "title_level", "rank", "planned_start", "planned_end", "term", "host_preferences", "policy_version",
    )  # fmt: skip
    section["state"] = "selected"
    section.pop("reason", None)
    journey.reach("selected", happening.day.isoformat())


def _deselected(journey: Journey, happening: Happening) -> None:
    section = journey.section("roster", happening)
    take(section, happening, "roster", "roster_version", "reason")
    section["state"] = "deselected"


def _promoted(journey: Journey, happening: Happening) -> None:
    know(journey, happening, "session")
    take(journey.section("roster", happening), happening, "roster", "roster_version", "replaces")


def _asked(journey: Journey, happening: Happening) -> None:
    know(journey, happening, "session")
    section = journey.section("roster", happening)
    take(section, happening, "roster", "replaces")
    section["offer"] = happening.payload.get("answer", "open")


def _vacant(journey: Journey, happening: Happening) -> None:
    journey.section("roster", happening)["slot_vacant"] = True


def _closed(journey: Journey, happening: Happening) -> None:
    journey.section("application", happening)["outcome"] = happening.payload["outcome"]


SELECTING: dict[tuple[str, str], Write] = {
    ("selection", "application.submitted"): _submitted,
    ("selection", "application.withdrawn"): _withdrawn,
    ("selection", "selected"): _selected,
    ("selection", "deselected"): _deselected,
    ("selection", "reserve.promoted"): _promoted,
    ("selection", "reserve.offered"): _asked,
    ("selection", "reserve.answered"): _asked,
    ("selection", "slot.vacant"): _vacant,
    ("selection", "story.closed"): _closed,
}
"""Event of selection → what it writes."""
