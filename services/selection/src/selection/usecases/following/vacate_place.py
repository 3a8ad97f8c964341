"""The beginning of the process of a vacated place: the leaver out of the roster, the reserve in or asked; once per place."""

from __future__ import annotations

from selection.domain.applying.application import Application
from selection.domain.facts import CandidateDeselected
from selection.domain.policy.places import Stage
from selection.domain.roster.roster import STANDING_STATES
from selection.domain.roster.vacancy import Vacancy
from selection.usecases.leaving.fill_place import Place, amend, fill, next_in_line, promote
from selection.usecases.ports import SelectionWork
from selection.usecases.seating.seat_people import vacated
from shared.kernel.actor import system


async def vacate_place(work: SelectionWork, leaver: Application, cause: str, stage: Stage = Stage.SELECTED) -> None:
    """Amend the roster for one who left before the start, and begin to fill the place as the policy says.

    Without confirmation the first of the reserve who fits the quotas takes the place with the same amendment. A second
    call for the same leaver changes nothing; the unique constraint on the vacancy is the last line of that.
    """
    roster = await work.rosters.find(session_id=leaver.session_id, state=STANDING_STATES)
    if roster is None or await work.vacancies.find(participation=leaver.id) is not None:
        return
    vacancy = Vacancy(
        id=work.new_id(), session_id=leaver.session_id, roster_id=roster.id, participation=leaver.id, cause=cause,
        stage=stage.value, roster_version=roster.roster_version, vacated_at=work.now,
    )  # fmt: skip
    place = await Place.of(work, vacancy)
    moves = await vacated(work, leaver.id)
    if moves:
        await work.quotas.move(place.session, moves)
    replaced = place.policy.places.leaving_at(stage).replacement
    at_once = replaced and place.open_on(work) and not place.asks
    person = await next_in_line(work, place) if at_once else None
    amend(work, place, person)
    work.announce(CandidateDeselected(leaver.id, roster.session, roster.id, roster.roster_version, cause))
    if person is not None:
        vacancy.fill(person.id, system("selection"))
        await promote(work, place, person)
    elif replaced:
        await fill(work, place)
    else:
        vacancy.lapse(system("selection"), work.now)
    work.vacancies.add(vacancy)
