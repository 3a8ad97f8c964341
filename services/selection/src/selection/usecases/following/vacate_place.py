"""The process manager of a vacated place: reserve promoted, roster amended, or place left vacant; once per place."""

from __future__ import annotations

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.facts import CandidateDeselected, ReservePromoted, SlotVacant
from selection.domain.policy.policy import Policy
from selection.domain.programmes.programme import Session
from selection.domain.roster.document import edition_of
from selection.domain.roster.roster import STANDING_STATES, Entry, Roster
from selection.domain.roster.succession import Vacancy, may_replace, successor
from selection.usecases.ports import SelectionWork
from selection.usecases.rostering.fix_roster import selected_fact
from selection.usecases.seating.seat_people import promoted as seated
from selection.usecases.seating.seat_people import vacated
from shared.kernel.actor import system


async def vacate_place(work: SelectionWork, leaver: Application, cause: str) -> None:
    """Amend the roster for one who left before the start.

    The first of the reserve who fits the quotas takes the place, unless the policy's last day has passed. A second
    call for the same leaver changes nothing; the unique constraint on the vacancy is the last line of that.
    """
    roster = await work.rosters.find(session_id=leaver.session_id, state=STANDING_STATES)
    if roster is None or await work.vacancies.find(participation=leaver.id) is not None:
        return
    session = await work.readings.session(leaver.session_id)
    policy = await work.readings.policy(session.programme, session.policy_version)
    reserved = [counter.reserved for counter in await work.quotas.hold(session.id)]
    promoted = await _promoted(work, leaver, roster, session, policy, reserved)
    by = system("selection")
    roster.amend(leaver.id, promoted.id if promoted else None, by)
    work.vacancies.add(
        Vacancy(
            id=work.new_id(), session_id=session.id, roster_id=roster.id, participation=leaver.id, cause=cause,
            promoted=promoted.id if promoted else None, roster_version=roster.roster_version, vacated_at=work.now,
        )
    )  # fmt: skip
    edition = edition_of(work.new_id(), roster, cause, work.now, work.actor.subject)
    work.editions.add(edition)
    work.announce(
        roster.sealed(edition.sha256),
        CandidateDeselected(leaver.id, roster.session, roster.id, roster.roster_version, cause),
    )
    moves = await vacated(work, leaver.id)
    if promoted is None:
        await work.quotas.move(session, moves)
        work.announce(SlotVacant(roster.id, roster.session, leaver.id))
        return
    promoted.promote(by)
    entry = next(each for each in roster.entries if each.application == promoted.id)
    promoted.rank = entry.position
    await work.quotas.move(session, [*moves, *await seated(work, session, entry)])
    work.announce(
        ReservePromoted(promoted.id, leaver.id, roster.session, roster.id, roster.roster_version),
        selected_fact(promoted, entry, roster, session, policy),
    )


async def _promoted(
    work: SelectionWork,
    leaver: Application,
    roster: Roster,
    session: Session,
    policy: Policy,
    reserved: list[int],
) -> Application | None:
    if not may_replace(work.today, session.planned_start, policy.replacement_until_days):
        return None
    listed = [entry.application for entry in roster.reserve]
    people = {
        each.id: each
        for each in (await work.applications.list(id=listed) if listed else [])
        if each.state is ApplicationState.RESERVE
    }
    staying: list[Entry] = [entry for entry in roster.selected if entry.application != leaver.id]
    found = successor(
        session.tree, staying, [entry for entry in roster.reserve if entry.application in people], reserved
    )
    return people[found.application] if found else None
