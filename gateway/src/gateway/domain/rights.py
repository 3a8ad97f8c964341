"""What a person's rights write into a journey: objections and their outcome, erasure (domain.md 7)."""

from __future__ import annotations

from collections.abc import Callable

from gateway.domain.happening import Happening
from gateway.domain.journey import Journey


def _filed(journey: Journey, happening: Happening) -> None:
    journey.section("application", happening)["appeal"] = "open"


def _decided(journey: Journey, happening: Happening) -> None:
    journey.section("application", happening)["appeal"] = happening.payload["outcome"]


def _erased(journey: Journey, happening: Happening) -> None:
    journey.facts.get("selection", {}).pop("account", None)
    journey.section("application", happening)["person"] = "erased"


RIGHTS: dict[tuple[str, str], Callable[[Journey, Happening], None]] = {
    ("selection", "appeal.filed"): _filed,
    ("selection", "appeal.decided"): _decided,
    ("selection", "person.erased"): _erased,
}
"""Event of selection → what it writes."""
