"""A member of the reserve answers: takes the place, or leaves it to the next."""

from __future__ import annotations

from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.facts import ReserveAnswered
from selection.domain.roster.vacancy import Vacancy, VacancyState
from selection.usecases.leaving.fill_place import BY, Place, amend, fill, promote, withdraw_offer
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import NotFound


async def accept_offer(work: SelectionWork, vacancy_id: UUID) -> Vacancy:
    """Take the place: promoted, roster amended, in one transaction.

    Raises:
        NotFound: nobody asked this caller. Conflict: ``wrong-state``, ``offer-overdue``.
    """
    vacancy, person = await _asked(work, vacancy_id)
    vacancy.accept(work.actor, work.now)
    place = await Place.of(work, vacancy)
    roster = place.roster
    work.announce(ReserveAnswered(person.id, vacancy.participation, roster.session, roster.id, "accepted"))
    amend(work, place, person)
    await promote(work, place, person)
    return vacancy


async def decline_offer(work: SelectionWork, vacancy_id: UUID) -> Vacancy:
    """Leave the place to the next, who is asked in the same transaction; the caller stays in the reserve.

    Raises:
        NotFound: nobody asked this caller. Conflict: ``wrong-state``, ``offer-overdue``.
    """
    vacancy, _ = await _asked(work, vacancy_id)
    vacancy.decline(work.actor, work.now)
    place = await Place.of(work, vacancy)
    await withdraw_offer(work, place, "declined")
    await fill(work, place)
    return vacancy


async def reopen_vacancy(work: SelectionWork, vacancy_id: UUID) -> Vacancy:
    """Try a vacant place again, because a quota or the reserve has changed. Raises ``Conflict`` ``wrong-state``."""
    vacancy = await work.vacancies.get(vacancy_id, target=True)
    vacancy.reopen(work.actor)
    await fill(work, await Place.of(work, vacancy))
    return vacancy


async def retract_offer(work: SelectionWork, person: Application) -> None:
    """Ask the next when somebody who is asked leaves the reserve."""
    vacancy = await work.vacancies.find(offered_to=person.id, state=VacancyState.OFFERED)
    if vacancy is None:
        return
    vacancy.retract(BY, work.now)
    place = await Place.of(work, vacancy)
    await withdraw_offer(work, place, "retracted")
    await fill(work, place)


async def _asked(work: SelectionWork, vacancy_id: UUID) -> tuple[Vacancy, Application]:
    """The vacancy and whoever was asked last, once the caller is that person."""
    missing = NotFound("not-found", "There is no such thing, or you may not see it.")
    try:
        vacancy = await work.vacancies.get(vacancy_id)
    except NotFound:
        raise missing from None
    if not vacancy.offers:
        raise missing
    person = await work.applications.get(vacancy.offers[-1].participation)
    work.authorise(person.facets)
    return await work.vacancies.get(vacancy_id, target=True), person
