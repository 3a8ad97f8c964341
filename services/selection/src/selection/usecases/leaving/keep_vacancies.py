"""The clock of vacated places: offers that were not answered go to the next, places end with their last day."""

from __future__ import annotations

from selection.domain.roster.vacancy import PENDING, VacancyState
from selection.usecases.leaving.fill_place import BY, Place, fill, withdraw_offer
from selection.usecases.ports import SelectionWork


async def keep_vacancies(work: SelectionWork) -> int:
    """Move every pending vacancy whose time has come.

    Returns:
        how many moved; a second run at the same moment moves none.
    """
    moved = 0
    for id in await work.readings.vacancies_pending():
        vacancy = await work.vacancies.get(id)
        if vacancy.state not in PENDING:
            continue
        place = await Place.of(work, vacancy)
        offered = vacancy.state is VacancyState.OFFERED
        if not place.open_on(work):
            vacancy.lapse(BY, work.now)
            if offered:
                await withdraw_offer(work, place, "lapsed")
        elif offered and vacancy.answer_by is not None and work.now >= vacancy.answer_by:
            vacancy.expire(BY, work.now)
            await withdraw_offer(work, place, "expired")
            await fill(work, place)
        else:
            continue
        work.note("vacancy.keep", "vacancy", str(vacancy.id), state=vacancy.state.value)
        moved += 1
    return moved
