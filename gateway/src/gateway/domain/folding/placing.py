"""What placement says: match, papers, term, reports."""

from __future__ import annotations

from gateway.domain.folding.writing import Write, know, take
from gateway.domain.happening import Happening
from gateway.domain.journey import Journey


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
    know(journey, happening, "programme", "batch", "session", "host", "host_province")
    section = journey.section("placement", happening)
    take(section, happening, "host", "host_province", "specialty", "planned_start", "planned_end")
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
    take(section, happening, "arrived_on", "punctuality")
    if section.get("state") not in {"suspended", "ended"}:  # a corrected arrival is told anew
        section["state"] = "active"
    journey.reach("arrived", happening.payload["arrived_on"])


def _changed(journey: Journey, happening: Happening) -> None:
    know(journey, happening, "host")
    section = journey.section("placement", happening)
    take(section, happening, "host", "planned_end")
    section.setdefault("changes", []).append(
        {"change": happening.payload["change"], "effective_on": happening.payload["effective_on"]}
    )
    if happening.payload["change"] != "corrected":
        section["state"] = "suspended" if happening.payload["change"] == "suspended" else "active"


def _ended(journey: Journey, happening: Happening) -> None:
    section = journey.section("placement", happening)
    take(section, happening, "started", "ended_on", "kind", "reason", "days_served")
    section["state"] = "ended"
    if happening.payload["started"]:
        journey.reach("ended", happening.payload["ended_on"])


def _report(journey: Journey, happening: Happening) -> None:
    reports = journey.section("reports", happening)
    report = reports.setdefault(happening.payload["report"], {"acknowledgements": 0})
    take(report, happening, "period", "due_on")
    if happening.name == "report.overdue":
        report["overdue"] = True
        report.setdefault("state", "overdue")
        return
    take(report, happening, "submitted_on")
    report["acknowledgements"] += 1
    report["state"] = "acknowledged" if happening.payload["complete"] else "partly_acknowledged"


PLACING: dict[tuple[str, str], Write] = {
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
}
"""Event of placement → what it writes."""
