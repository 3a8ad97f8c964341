"""The regional authority fixes a roster: every place, reserve and refusal in one transaction (S-07)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import BEFORE_ROSTER
from selection.domain.balancing.explain import Explanation
from selection.domain.facts import CandidateSelected
from selection.domain.policy.policy import Policy
from selection.domain.programmes.programme import Session
from selection.domain.roster.document import edition_of
from selection.domain.roster.roster import Entry, Roster
from selection.usecases.judging.attested_rules import require_attested
from selection.usecases.ports import SelectionWork
from selection.usecases.seating.seat_people import seat_roster
from shared.kernel.refusals import Conflict, Finding


async def fix_roster(work: SelectionWork, roster_id: UUID) -> Roster:
    """Fix; from here on the selected are trainees to be, whatever becomes of the filing.

    Raises:
        Conflict: ``wrong-state``, ``candidate-left`` naming people who withdrew since the proposal;
            ``quota-full`` where reservations stand in the way (S-06).
        RuleViolated: ``attested-rules-open`` where a unit took back what it attested (S-10).
    """
    roster = await work.rosters.get(roster_id, target=True)
    roster.fix(work.actor, work.now)
    session = await work.readings.session(roster.session_id)
    policy = await work.readings.policy(session.programme, session.policy_version)
    run = await work.runs.get(roster.run_id)
    lines = {line.application: line for line in run.outcomes}
    people = {each.id: each for each in await work.applications.list(session_id=roster.session_id, state=BEFORE_ROSTER)}
    _all_there(roster, people)
    await require_attested(work, [people[entry.application] for entry in roster.entries])
    for entry in roster.selected:
        people[entry.application].select(entry.position, _explanation(entry, lines), work.actor)
    for entry in roster.reserve:
        people[entry.application].put_in_reserve(entry.position, _explanation(entry, lines), work.actor)
    listed = {entry.application for entry in roster.entries}
    for id, application in people.items():
        if id in lines and id not in listed:
            work.announce(application.pass_over(_line(lines[id], "out"), work.actor))
    await seat_roster(work, session, roster.selected, set(lines) - {entry.application for entry in roster.selected})
    edition = edition_of(work.new_id(), roster, "fixed", work.now, work.actor.subject)
    work.editions.add(edition)
    work.announce(roster.sealed(edition.sha256))
    work.announce(
        *(selected_fact(people[entry.application], entry, roster, session, policy) for entry in roster.selected)
    )
    return roster


def selected_fact(
    application: Application, entry: Entry, roster: Roster, session: Session, policy: Policy
) -> CandidateSelected:
    """The fact that a person has a place; codes only."""
    form = application.form
    return CandidateSelected(
        participation=application.id, account=application.account, programme=roster.programme, batch=roster.batch,
        session=roster.session, roster=roster.id, roster_version=roster.roster_version, direction=policy.plan_of(roster.session).direction or policy.direction,
        specialty=form.specialty, specialty_group=form.specialty_group,
        study_direction=application.study_direction or "unclassified", focus_area=form.focus_area,
        sending_unit=application.unit, origin_area=application.origin_area, title_level=form.title_level.value,
        rank=entry.position, planned_start=session.planned_start, planned_end=session.planned_end, term=session.term,
        host_preferences=form.host_preferences, policy_version=application.policy_version,
        position_class=form.position_class, destination=form.destination,
        staff_category=form.staff_category and form.staff_category.value,
    )  # fmt: skip


def _all_there(roster: Roster, people: dict[UUID, Application]) -> None:
    gone = [entry.application for entry in roster.entries if entry.application not in people]
    if gone:
        raise Conflict(
            "candidate-left",
            "Somebody on the roster is no longer a candidate; discard it and balance again.",
            findings=[Finding("candidate-left", f"Application {id} is no longer a candidate.") for id in gone],
            applications=[str(id) for id in gone],
        )


def _explanation(entry: Entry, lines: dict[UUID, Explanation]) -> dict[str, Any]:
    shown = _line(lines[entry.application], entry.standing.value)
    return shown | {
        "position": entry.position,
        "swapped": lines[entry.application].standing.value != entry.standing.value,
    }


def _line(line: Explanation, outcome: str) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "position": line.position,
        "score": str(line.score),
        "binding_node": line.binding_node,
        "margin_score": None if line.margin_score is None else str(line.margin_score),
        "minimum_node": line.minimum_node,
        "price": None if line.price is None else str(line.price),
        "distance": None if line.distance is None else str(line.distance),
        "pressing": list(line.pressing),
    }
