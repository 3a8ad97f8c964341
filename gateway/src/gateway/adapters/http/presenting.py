"""How a journey looks from outside: decimal strings, lists in order, and only the sections a role may see."""

from __future__ import annotations

from typing import Any

from gateway.domain.journey import SECTIONS, Journey
from shared.kernel.actor import Actor, Role
from shared.kernel.money import yuan

WITHOUT_MONEY = frozenset(SECTIONS) - {"money"}
"""What roles see that have nothing to do with a person's money."""

NARROW: dict[Role, frozenset[str]] = {
    Role.HOST_OFFICER: WITHOUT_MONEY,
    Role.ASSESSOR: WITHOUT_MONEY,
    Role.ISSUER: WITHOUT_MONEY,
    Role.AGENCY: WITHOUT_MONEY,
}
"""Roles that see less than everything."""

AMOUNTS = ("reserved", "committed", "released", "paid", "clawback_due", "clawed_back", "amount", "entitled")


def visible_sections(actor: Actor) -> frozenset[str]:
    """The sections that an actor's roles open together."""
    return frozenset[str]().union(*(NARROW.get(role, frozenset(SECTIONS)) for role in actor.roles))


def present_sections(journey: Journey, seen: frozenset[str], roster: Any | None) -> dict[str, dict[str, Any]]:
    """The sections in their order, each with ``as_of``; ``roster`` is the row of the person's roster or None."""
    shown: dict[str, dict[str, Any]] = {}
    for name in SECTIONS:
        if name in journey.sections and name in seen:
            shown[name] = {"as_of": journey.as_of[name], **_content(name, journey.sections[name])}
    if roster is not None and "roster" in shown:
        shown["roster"]["filing"] = {"state": roster.state, "edition": roster.edition, "receipt": roster.receipt}
    return shown


def present_timeline(journey: Journey, seen: frozenset[str]) -> list[dict[str, Any]]:
    """The timeline without the events of a service whose sections are hidden."""
    hidden = {"funding"} if "money" not in seen else set()
    return [entry for entry in journey.timeline if entry["service"] not in hidden]


def _content(name: str, content: dict[str, Any]) -> dict[str, Any]:
    if name == "reports":
        reports = [{"report": report, **found} for report, found in content.items()]
        return {"items": sorted(reports, key=lambda found: (str(found.get("due_on")), found["report"]))}
    if name == "money":
        return _money(content)
    return content


def _money(content: dict[str, Any]) -> dict[str, Any]:
    shown = {key: yuan(value) if key in AMOUNTS else value for key, value in content.items()} | {"currency": "CNY"}
    if "instalments" in content:
        items = [{"instalment": key, **_money_of(value)} for key, value in content["instalments"].items()]
        shown["instalments"] = sorted(items, key=lambda item: (str(item.get("due_on")), item["instalment"]))
    if "settlement" in content:
        shown["settlement"] = _money_of(content["settlement"])
    return shown


def _money_of(found: dict[str, Any]) -> dict[str, Any]:
    return {key: yuan(value) if isinstance(value, int) else value for key, value in found.items()}
