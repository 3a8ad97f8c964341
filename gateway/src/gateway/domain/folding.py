"""The fold itself: which event writes what, as one table; a service writes its own sections only."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Any

from gateway.domain.company import COMPANY
from gateway.domain.happening import Happening
from gateway.domain.journey import SERVICES, Journey
from gateway.domain.rights import RIGHTS
from shared.kernel.money import fen

Write = Callable[[Journey, Happening], None]


def fold(journey: Journey, happening: Happening) -> bool:
    """Apply one event of the journey's participation.

    Returns:
        False when the event was applied before or its name is unknown; the journey is then unchanged or has only a
        longer timeline.
    """
    if happening.sequence <= journey.sequences.get(happening.service, 0):
        return False
    journey.sequences[happening.service] = happening.sequence
    entry = {"at": happening.stamp, "service": happening.service, "event": happening.name, "seq": happening.sequence}
    insort(journey.timeline, entry, key=_place)
    write = WRITES.get((happening.service, happening.name))
    if write is not None:
        write(journey, happening)
    return write is not None


def _place(entry: dict[str, Any]) -> tuple[str, int, int]:
    return entry["at"], SERVICES.index(entry["service"]), entry["seq"]


def _know(journey: Journey, happening: Happening, *names: str, **renamed: str) -> None:
    """Remember members of the payload as facts; ``renamed`` maps fact to member."""
    facts = journey.facts.setdefault(happening.service, {})
    for fact, member in {**{name: name for name in names}, **renamed}.items():
        if happening.payload.get(member) is not None:
            facts[fact] = happening.payload[member]


def _take(section: dict[str, Any], happening: Happening, *names: str) -> None:
    section.update({name: happening.payload[name] for name in names if happening.payload.get(name) is not None})


def _amount(happening: Happening, member: str = "amount") -> int:
    return fen(happening.payload[member]["amount"])


def _submitted(journey: Journey, happening: Happening) -> None:
    _know(journey, happening, "account", "programme", "batch", "session", "unit", "origin_area")
    section = journey.section("application", happening)
    _take(section, happening, "call", "unit", "origin_area")
    section["state"] = "submitted"
    section.pop("outcome", None)
    journey.reach("applied", happening.day.isoformat())


def _withdrawn(journey: Journey, happening: Happening) -> None:
    _know(journey, happening, "programme", "session")
    section = journey.section("application", happening)
    section["state"] = "withdrawn"
    section["withdrawn_at_stage"] = happening.payload["stage"]
    section["reason"] = happening.payload["reason"]


def _selected(journey: Journey, happening: Happening) -> None:
    _know(journey, happening, "account", "programme", "batch", "session", "origin_area", unit="sending_unit")
    section = journey.section("roster", happening)
    _take(
        section, happening,
        "roster", "roster_version", "direction", "specialty", "specialty_group", "study_direction", "focus_area",
        "title_level", "rank", "planned_start", "planned_end", "term", "host_preferences", "policy_version",
    )  # fmt: skip
    section["state"] = "selected"
    section.pop("reason", None)
    journey.reach("selected", happening.day.isoformat())


def _deselected(journey: Journey, happening: Happening) -> None:
    section = journey.section("roster", happening)
    _take(section, happening, "roster", "roster_version", "reason")
    section["state"] = "deselected"


def _promoted(journey: Journey, happening: Happening) -> None:
    _know(journey, happening, "session")
    _take(journey.section("roster", happening), happening, "roster", "roster_version", "replaces")


def _asked(journey: Journey, happening: Happening) -> None:
    _know(journey, happening, "session")
    section = journey.section("roster", happening)
    _take(section, happening, "roster", "replaces")
    section["offer"] = happening.payload.get("answer", "open")


def _vacant(journey: Journey, happening: Happening) -> None:
    journey.section("roster", happening)["slot_vacant"] = True


def _closed(journey: Journey, happening: Happening) -> None:
    journey.section("application", happening)["outcome"] = happening.payload["outcome"]


def _proposed(journey: Journey, happening: Happening) -> None:
    section = journey.section("placement", happening)
    section["proposed_host"] = happening.payload["host"]
    section.setdefault("state", "proposed")
    if section["state"] == "declined":
        section["state"] = "proposed"


def _declined(journey: Journey, happening: Happening) -> None:
    section = journey.section("placement", happening)
    section.setdefault("declined_by", []).append(happening.payload["host"])
    if section.get("state", "proposed") == "proposed":
        section["state"] = "declined"


def _placed(journey: Journey, happening: Happening) -> None:
    _know(journey, happening, "programme", "batch", "session", "host", "host_province")
    section = journey.section("placement", happening)
    _take(section, happening, "host", "host_province", "specialty", "planned_start", "planned_end")
    section["state"] = "placed"
    journey.reach("placed", happening.day.isoformat())


def _paper(name: str, *members: str) -> Write:
    """A paper or person of the placement comes into force: agreement, plan, mentor."""

    def write(journey: Journey, happening: Happening) -> None:
        section = journey.section("placement", happening)
        section[name] = {member: happening.payload[member] for member in members}

    return write


def _arrived(journey: Journey, happening: Happening) -> None:
    section = journey.section("placement", happening)
    _take(section, happening, "arrived_on", "punctuality")
    if section.get("state") not in {"suspended", "ended"}:  # a corrected arrival is told anew
        section["state"] = "active"
    journey.reach("arrived", happening.payload["arrived_on"])


def _changed(journey: Journey, happening: Happening) -> None:
    _know(journey, happening, "host")
    section = journey.section("placement", happening)
    _take(section, happening, "host", "planned_end")
    section.setdefault("changes", []).append(
        {"change": happening.payload["change"], "effective_on": happening.payload["effective_on"]}
    )
    if happening.payload["change"] != "corrected":
        section["state"] = "suspended" if happening.payload["change"] == "suspended" else "active"


def _ended(journey: Journey, happening: Happening) -> None:
    section = journey.section("placement", happening)
    _take(section, happening, "started", "ended_on", "kind", "reason", "days_served")
    section["state"] = "ended"
    if happening.payload["started"]:
        journey.reach("ended", happening.payload["ended_on"])


def _report(journey: Journey, happening: Happening) -> None:
    reports = journey.section("reports", happening)
    report = reports.setdefault(happening.payload["report"], {"acknowledgements": 0})
    _take(report, happening, "period", "due_on")
    if happening.name == "report.overdue":
        report["overdue"] = True
        report.setdefault("state", "overdue")
        return
    _take(report, happening, "submitted_on")
    report["acknowledgements"] += 1
    report["state"] = "acknowledged" if happening.payload["complete"] else "partly_acknowledged"


def _opened(journey: Journey, happening: Happening) -> None:
    section = journey.section("assessment", happening)
    _take(section, happening, "assessment", "scheme")
    section.setdefault("state", "open")


def _assessed(journey: Journey, happening: Happening) -> None:
    section = journey.section("assessment", happening)
    _take(section, happening, "assessment", "result", "grade", "score", "scheme", "scheme_version", "confirmed_on")
    section["state"] = "confirmed"
    journey.reach("assessed", happening.payload["confirmed_on"])


def _certified(journey: Journey, happening: Happening) -> None:
    _know(journey, happening, "programme", "session")
    section = journey.section("certificate", happening)
    previous = section.get("certificate")
    if previous and previous != happening.payload["certificate"]:
        section.setdefault("predecessors", []).append(previous)
    _take(section, happening, "certificate", "number", "issued_on")
    section["state"] = "issued"
    journey.reach("certified", happening.payload["issued_on"])


def _certificate(state: str, member: str) -> Write:
    """The certificate that stands changes its state; one that was replaced changes nothing any more."""

    def write(journey: Journey, happening: Happening) -> None:
        section = journey.section("certificate", happening)
        if section.setdefault("certificate", happening.payload["certificate"]) == happening.payload["certificate"]:
            _take(section, happening, "number", member, "reason")
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


def _sum(member: str, *, also: str = "") -> Write:
    """Add the amount to one sum of the money section."""

    def write(journey: Journey, happening: Happening) -> None:
        section = journey.section("money", happening)
        section[member] = section.get(member, 0) + _amount(happening)
        _take(section, happening, "fund", *([also] if also else []))

    return write


def _instalment(journey: Journey, happening: Happening) -> None:
    section = journey.section("money", happening)
    instalment = section.setdefault("instalments", {}).setdefault(happening.payload["instalment"], {})
    _take(instalment, happening, "milestone", "due_on", "paid_on")
    instalment["amount"] = _amount(happening)
    if happening.name == "instalment.paid" and instalment.get("state") != "paid":
        section["paid"] = section.get("paid", 0) + _amount(happening)
        instalment["state"] = "paid"
    instalment.setdefault("state", "due")


def _settled(journey: Journey, happening: Happening) -> None:
    section = journey.section("money", happening)
    section["settlement"] = {name: _amount(happening, name) for name in ("entitled", "paid", "clawed_back")}
    _take(section, happening, "settled_on")
    journey.reach("settled", happening.payload["settled_on"])


WRITES: dict[tuple[str, str], Write] = {
    ("selection", "application.submitted"): _submitted,
    ("selection", "application.withdrawn"): _withdrawn,
    ("selection", "selected"): _selected,
    ("selection", "deselected"): _deselected,
    ("selection", "reserve.promoted"): _promoted,
    ("selection", "reserve.offered"): _asked,
    ("selection", "reserve.answered"): _asked,
    ("selection", "slot.vacant"): _vacant,
    ("selection", "story.closed"): _closed,
    **RIGHTS,
    **COMPANY,
    ("placement", "match.proposed"): _proposed,
    ("placement", "match.declined"): _declined,
    ("placement", "placed"): _placed,
    ("placement", "agreement.in_force"): _paper("agreement", "agreement", "agreement_version"),
    ("placement", "mentor.active"): _paper("mentor", "mentor"),
    ("placement", "plan.in_force"): _paper("plan", "plan", "plan_version"),
    ("placement", "placement.arrived"): _arrived,
    ("placement", "placement.changed"): _changed,
    ("placement", "placement.ended"): _ended,
    ("placement", "report.acknowledged"): _report,
    ("placement", "report.overdue"): _report,
    ("assessment", "assessment.opened"): _opened,
    ("assessment", "assessed"): _assessed,
    ("assessment", "certified"): _certified,
    ("assessment", "certificate.revoked"): _certificate("revoked", "revoked_on"),
    ("assessment", "certificate.suspended"): _certificate("suspended", "suspended_on"),
    ("assessment", "certificate.reinstated"): _certificate("issued", "reinstated_on"),
    ("assessment", "waiver.granted"): _waiver("granted"),
    ("assessment", "waiver.consumed"): _waiver("consumed"),
    ("funding", "funding.reserved"): _sum("reserved"),
    ("funding", "funding.committed"): _sum("committed", also="commitment"),
    ("funding", "funding.released"): _sum("released", also="reason"),
    ("funding", "instalment.due"): _instalment,
    ("funding", "instalment.paid"): _instalment,
    ("funding", "funding.clawback_due"): _sum("clawback_due", also="reason"),
    ("funding", "funding.clawed_back"): _sum("clawed_back", also="recovered_on"),
    ("funding", "funding.settled"): _settled,
}
"""Every event of a participation and what it writes; a test compares the keys with the published contracts."""
