"""What assessment says after the return: achievements that count, follow-ups, uses of a talent card."""

from __future__ import annotations

from gateway.domain.folding.writing import Write
from gateway.domain.happening import Happening
from gateway.domain.journey import Journey
from shared.kernel.money import fen


def _achievement(journey: Journey, happening: Happening) -> None:
    """An achievement counts from its verification until it is withdrawn (D-06)."""
    payload = happening.payload
    known = journey.section("assessment", happening).setdefault("achievements", {})
    if payload["change"] == "withdrawn":
        known.pop(payload["achievement"], None)
        return
    known[payload["achievement"]] = {name: payload[name] for name in ("kind", "standing", "phase", "changed_on")}


def _follow_up(journey: Journey, happening: Happening) -> None:
    """What a follow-up found, as it was last amended (C-04, C-06)."""
    payload = happening.payload
    known = journey.section("assessment", happening).setdefault("follow_ups", {})
    members = ("round", "post_fits", "projects", "training_days", "recorded_on")
    found = {name: payload[name] for name in members if payload.get(name) is not None}
    known[payload["follow_up"]] = found | {"funds": fen(payload["funds"]["amount"])}


def _card_used(journey: Journey, happening: Happening) -> None:
    """How often the card was used (T-03)."""
    section = journey.section("assessment", happening)
    section["card_uses"] = section.get("card_uses", 0) + 1


RETURNING: dict[tuple[str, str], Write] = {
    ("assessment", "achievement.changed"): _achievement,
    ("assessment", "follow_up.recorded"): _follow_up,
    ("assessment", "card.used"): _card_used,
}
"""Event of assessment → what it writes."""
