"""One step of the process of a vacated place: promote or ask the next of the reserve, or leave it vacant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.facts import ReserveAnswered, ReserveOffered, ReservePromoted, SlotVacant
from selection.domain.policy.places import Confirmation
from selection.domain.policy.policy import Policy
from selection.domain.programmes.programme import Session
from selection.domain.quota.counting import SeatMove
from selection.domain.roster.document import edition_of
from selection.domain.roster.roster import Roster
from selection.domain.roster.succession import last_day, may_replace, successor
from selection.domain.roster.vacancy import Vacancy, answer_until
from selection.usecases.ports import SelectionWork
from selection.usecases.rostering.fix_roster import selected_fact
from selection.usecases.seating.seat_people import hold_for, let_go, promoted
from shared.kernel.actor import system

BY = system("selection")


@dataclass(frozen=True, slots=True)
class Place:
    """A vacated place with what decides over it."""

    vacancy: Vacancy
    roster: Roster
    session: Session
    policy: Policy

    @classmethod
    async def of(cls, work: SelectionWork, vacancy: Vacancy) -> Self:
        """The place of a vacancy, its roster locked."""
        roster = await work.rosters.get(vacancy.roster_id)
        session = await work.readings.session(vacancy.session_id)
        return cls(vacancy, roster, session, await work.readings.policy(session.programme, session.policy_version))

    @property
    def asks(self) -> bool:
        """True when the policy wants the reserve's word first."""
        return self.policy.places.confirmation is Confirmation.REQUIRED

    def open_on(self, work: SelectionWork) -> bool:
        """True until the last day of replacement."""
        return may_replace(work.today, self.session.planned_start, self.policy.replacement_until_days)


async def next_in_line(work: SelectionWork, place: Place) -> Application | None:
    """The first of the reserve who keeps every quota, was not asked for this place and is not asked for another."""
    listed = [entry.application for entry in place.roster.reserve]
    elsewhere = {each.offered_to for each in await work.vacancies.list(session_id=place.session.id, state="offered")}
    people = {
        each.id: each
        for each in (await work.applications.list(id=listed) if listed else [])
        if each.state is ApplicationState.RESERVE and each.id not in elsewhere | place.vacancy.asked
    }
    counters = await work.quotas.hold(place.session.id)
    staying = [entry for entry in place.roster.selected if entry.application != place.vacancy.participation]
    waiting = [entry for entry in place.roster.reserve if entry.application in people]
    session, rules = place.session, place.policy.balancing
    found = successor(
        session.tree, staying, waiting, [counter.reserved for counter in counters],
        rules.crossing(session.session, session.quota), rules.unit_cap,
    )  # fmt: skip
    return people[found.application] if found else None


async def fill(work: SelectionWork, place: Place) -> None:
    """Take the next step with an open vacancy; exactly one of promoted, asked, vacant, lapsed."""
    if not place.open_on(work):
        place.vacancy.lapse(BY, work.now)
        work.announce(SlotVacant(place.roster.id, place.roster.session, place.vacancy.participation))
        return
    person = await next_in_line(work, place)
    if person is None:
        place.vacancy.exhaust(BY)
        work.announce(SlotVacant(place.roster.id, place.roster.session, place.vacancy.participation))
    elif place.asks:
        await _ask(work, place, person)
    else:
        place.vacancy.fill(person.id, BY)
        amend(work, place, person)
        await promote(work, place, person)


def amend(work: SelectionWork, place: Place, person: Application | None) -> None:
    """A new version of the roster: the leaver out, ``person`` in their place where there is one already."""
    roster, vacancy = place.roster, place.vacancy
    roster.amend(vacancy.participation, person.id if person else None, BY)
    vacancy.roster_version = roster.roster_version
    edition = edition_of(work.new_id(), roster, vacancy.cause, work.now, work.actor.subject)
    work.editions.add(edition)
    work.announce(roster.sealed(edition.sha256))


async def promote(work: SelectionWork, place: Place, person: Application) -> None:
    """Make one of the reserve a trainee to be, on the roster that holds them already."""
    roster = place.roster
    person.promote(BY)
    entry = next(each for each in roster.entries if each.application == person.id)
    person.rank = entry.position
    await work.quotas.move(place.session, await promoted(work, place.session, entry))
    work.announce(
        ReservePromoted(person.id, place.vacancy.participation, roster.session, roster.id, roster.roster_version),
        selected_fact(person, entry, roster, place.session, place.policy),
    )


async def withdraw_offer(work: SelectionWork, place: Place, answer: str) -> None:
    """Tell that an offer ended, and give back what was held for whoever was asked last."""
    offered = place.vacancy.offers[-1].participation
    await _move(work, place, await let_go(work, [offered]))
    roster = place.roster
    work.announce(ReserveAnswered(offered, place.vacancy.participation, roster.session, roster.id, answer))


async def _ask(work: SelectionWork, place: Place, person: Application) -> None:
    vacancy, roster = place.vacancy, place.roster
    last = last_day(place.session.planned_start, place.policy.replacement_until_days)
    until = answer_until(work.now, place.policy.places.answer_days, last)
    vacancy.offer(person.id, work.now, until, BY)
    entry = next(each for each in roster.entries if each.application == person.id)
    await _move(work, place, [await hold_for(work, place.session, entry, "offered")])
    work.announce(ReserveOffered(person.id, vacancy.participation, roster.session, roster.id, until))


async def _move(work: SelectionWork, place: Place, moves: Sequence[SeatMove]) -> None:
    if moves:
        await work.quotas.move(place.session, moves)
