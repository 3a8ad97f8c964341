"""What assessment says: result, certificate, waiver."""

from __future__ import annotations

from gateway.domain.folding.writing import Write, know, take
from gateway.domain.happening import Happening
from gateway.domain.journey import Journey


def _opened(journey: Journey, happening: Happening) -> None:
    section = journey.section("assessment", happening)
    take(section, happening, "assessment", "scheme")
    section.setdefault("state", "open")


def _assessed(journey: Journey, happening: Happening) -> None:
    section = journey.section("assessment", happening)
    take(section, happening, "assessment", "result", "grade", "score", "scheme", "scheme_version", "confirmed_on")
    section["state"] = "confirmed"
    journey.reach("assessed", happening.payload["confirmed_on"])


def _certified(journey: Journey, happening: Happening) -> None:
    know(journey, happening, "programme", "session")
    section = journey.section("certificate", happening)
    previous = section.get("certificate")
    if previous and previous != happening.payload["certificate"]:
        section.setdefault("predecessors", []).append(previous)
    take(section, happening, "certificate", "number", "issued_on")
    section["state"] = "issued"
    journey.reach("certified", happening.payload["issued_on"])


def _certificate(state: str, member: str) -> Write:
    """The certificate that stands changes its state; one that was replaced changes nothing any more."""

    def write(journey: Journey, happening: Happening) -> None:
        section = journey.section("certificate", happening)
        if section.setdefault("certificate", happening.payload["certificate"]) == happening.payload["certificate"]:
            take(section, happening, "number", member, "reason")
            section["state"] = state

    return write


def _waiver(state: str) -> Write:
    def write(journey: Journey, happening: Happening) -> None:
        waiver = {
            "waiver": happening.payload["waiver"],
            "title_level": happening.payload["title_level"],
            "state": state,
        }
        if "consumed_on" in happening.payload:
            waiver["consumed_on"] = happening.payload["consumed_on"]
        journey.section("assessment", happening)["waiver"] = waiver

    return write


ASSESSING: dict[tuple[str, str], Write] = {
    ("assessment", "assessment.opened"): _opened,
    ("assessment", "assessed"): _assessed,
    ("assessment", "certified"): _certified,
    ("assessment", "certificate.revoked"): _certificate("revoked", "revoked_on"),
    ("assessment", "certificate.suspended"): _certificate("suspended", "suspended_on"),
    ("assessment", "certificate.reinstated"): _certificate("issued", "reinstated_on"),
    ("assessment", "waiver.granted"): _waiver("granted"),
    ("assessment", "waiver.consumed"): _waiver("consumed"),
}
"""Event of assessment → what it writes."""
