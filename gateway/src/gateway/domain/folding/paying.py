"""What funding says: sums, instalments, settlement."""

from __future__ import annotations

from gateway.domain.folding.writing import Write, amount_of, take
from gateway.domain.happening import Happening
from gateway.domain.journey import Journey


def _sum(member: str, *, also: str = "") -> Write:
    """Add the amount to one sum of the money section."""

    def write(journey: Journey, happening: Happening) -> None:
        section = journey.section("money", happening)
        section[member] = section.get(member, 0) + amount_of(happening)
        take(section, happening, "fund", *([also] if also else []))

    return write


def _instalment(journey: Journey, happening: Happening) -> None:
    section = journey.section("money", happening)
    instalment = section.setdefault("instalments", {}).setdefault(happening.payload["instalment"], {})
    take(instalment, happening, "milestone", "due_on", "paid_on")
    instalment["amount"] = amount_of(happening)
    if happening.name == "instalment.paid" and instalment.get("state") != "paid":
        section["paid"] = section.get("paid", 0) + amount_of(happening)
        instalment["state"] = "paid"
    instalment.setdefault("state", "due")


def _settled(journey: Journey, happening: Happening) -> None:
    section = journey.section("money", happening)
    section["settlement"] = {name: amount_of(happening, name) for name in ("entitled", "paid", "clawed_back")}
    take(section, happening, "settled_on")
    journey.reach("settled", happening.payload["settled_on"])


PAYING: dict[tuple[str, str], Write] = {
    ("funding", "funding.reserved"): _sum("reserved"),
    ("funding", "funding.committed"): _sum("committed", also="commitment"),
    ("funding", "funding.released"): _sum("released", also="reason"),
    ("funding", "instalment.due"): _instalment,
    ("funding", "instalment.paid"): _instalment,
    ("funding", "funding.clawback_due"): _sum("clawback_due", also="reason"),
    ("funding", "funding.clawed_back"): _sum("clawed_back", also="recovered_on"),
    ("funding", "funding.settled"): _settled,
}
"""Event of funding → what it writes."""
