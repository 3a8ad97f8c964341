"""What beside the term belongs to a journey: study groups, classes, missions, tiers and talent cards."""

from __future__ import annotations

from collections.abc import Callable

from gateway.domain.happening import Happening
from gateway.domain.journey import Journey

_LEADS = {"leader_appointed": True, "leader_replaced": False}


def _group(journey: Journey, happening: Happening) -> None:
    """The group a person is in, and whether the person leads it (D-01)."""
    section = journey.section("placement", happening)
    change = happening.payload["change"]
    if change == "left":
        section.pop("group", None)
        return
    known = section.get("group", {})
    leads = _LEADS.get(change, bool(known.get("leads")) and known.get("group") == happening.payload["group"])
    section["group"] = {"group": happening.payload["group"], "leads": leads}


def _completed(name: str, thing: str, *members: str) -> Callable[[Journey, Happening], None]:
    """A class or mission that is over for the person (K-07, X-02)."""

    def write(journey: Journey, happening: Happening) -> None:
        known = {member: happening.payload[member] for member in (thing, *members) if member in happening.payload}
        journey.section("placement", happening)[name] = known

    return write


def _accredited(journey: Journey, happening: Happening) -> None:
    """The tier of a person (T-02)."""
    known = {name: happening.payload[name] for name in ("accreditation", "programme", "tier", "accredited_on")}
    journey.section("assessment", happening)["accreditation"] = known | {"state": "tier_assigned"}


def _revoked(journey: Journey, happening: Happening) -> None:
    section = journey.section("assessment", happening)
    known = section.get("accreditation", {"accreditation": happening.payload["accreditation"]})
    section["accreditation"] = known | {"state": "revoked", "reason": happening.payload["reason"]}


def _card(journey: Journey, happening: Happening) -> None:
    """The talent card as it stands (T-03)."""
    known = {name: happening.payload[name] for name in ("card", "change", "tier", "valid_until", "changed_on")}
    journey.section("assessment", happening)["card"] = known


COMPANY: dict[tuple[str, str], Callable[[Journey, Happening], None]] = {
    ("placement", "group.changed"): _group,
    ("placement", "class.completed"): _completed(
        "class", "course", "attendance_share", "questions", "questions_before", "completed_on"
    ),
    ("placement", "mission.completed"): _completed("mission", "mission", "days", "completed_on"),
    ("assessment", "accredited"): _accredited,
    ("assessment", "accreditation.revoked"): _revoked,
    ("assessment", "card.changed"): _card,
}
"""Event → what it writes."""
