"""Use cases on in-memory stores: what they decide and what they announce, without I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from selection.domain import facts
from selection.domain.applying.application import Application
from selection.domain.applying.form import Form
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.applying.recommendation import Recommendation
from selection.domain.codes import Step, TitleLevel, UnitClass
from selection.domain.policy.inherit import overridden
from selection.domain.policy.parse import parse_policy
from selection.domain.policy.policy import Policy
from selection.domain.programmes.call import Call
from selection.domain.programmes.programme import Session
from selection.domain.quota.counting import counters_of
from selection.domain.quota.seat import Seat, SeatState
from selection.domain.roster.document import RosterEdition
from selection.domain.roster.roster import Entry, EntryStanding, Roster, RosterState
from selection.domain.roster.vacancy import Vacancy
from selection.testing.quotas import MemoryQuotas
from selection.usecases.applying.recommend import Opinion, recommend
from selection.usecases.following.follow_events import close_story, follow_end_of_placement, note_arrival
from selection.usecases.following.vacate_place import vacate_place
from shared.kernel.actor import Actor, Role, system
from shared.kernel.refusals import Malformed, NotFound
from shared.testing.actors import someone
from shared.work.memory import MemoryWork

SESSION, CALL = UUID(int=1), UUID(int=2)


class MemoryReadings:
    """Reads from the stores of a memory work."""

    def __init__(self, work: Any, policy: Policy) -> None:
        self._work, self._policy = work, policy

    async def policy(self, programme: str, version: str) -> Policy:
        assert (programme, version) == (self._policy.programme, self._policy.version)
        return self._policy

    async def session(self, id: UUID) -> Session:
        found: Session = await self._work.sessions.get(id)
        return found

    async def call(self, id: UUID) -> Call:
        found: Call = await self._work.calls.get(id)
        return found

    async def applications(self, ids: Iterable[UUID]) -> list[Application]:
        found: list[Application] = await self._work.applications.list(id=set(ids))
        return found


class MemorySelectionWork(MemoryWork):
    """The unit of work of selection in memory, as far as these tests go."""

    def __init__(self, actor: Actor, policy: Policy) -> None:
        super().__init__(actor, datetime(2024, 6, 1, 4, tzinfo=UTC))
        self.sessions = self.store(Session)
        self.calls = self.store(Call)
        self.applications = self.store(Application)
        self.recommendations = self.store(Recommendation)
        self.rosters = self.store(Roster)
        self.editions = self.store(RosterEdition)
        self.vacancies = self.store(Vacancy)
        self.seats = self.store(Seat)
        self.quotas = MemoryQuotas()
        self.readings = MemoryReadings(self, policy)


@pytest.fixture
def policy(kit: Any) -> Policy:
    merged = overridden(kit.content("batch-3"), kit.content("batch-4"))
    merged.pop("inherits")
    return parse_policy(merged)


def an_application(number: int, state: ApplicationState) -> Application:
    form = Form(TitleLevel.SENIOR, "agronomy", "agriculture", 9, 3, False, False, "science-innovation", None, ())
    return Application(
        id=UUID(int=100 + number), state=state, person_id=UUID(int=number), account=f"account-{number}", call_id=CALL,
        session_id=SESSION, programme="tibet-special-training", batch="batch-4", session="2024", policy_version="batch-4",
        unit="cn/54/5401/U0001", unit_class=UnitClass.PREFECTURE_UNIT, reviewer="cn/54/5401", origin_area="5401",
        birth_date=date(1980, 1, 1), required_steps=list(Step), form=form, study_direction="plateau-farming",
    )  # fmt: skip


def an_entry(application: Application, standing: EntryStanding, position: int) -> Entry:
    return Entry(
        application.id,
        standing,
        position,
        Decimal(80),
        "plateau-farming",
        application.unit,
        "senior",
        application.traits,
    )


def a_used_seat(number: int, application: Application) -> Seat:
    return Seat(
        id=UUID(int=500 + number), state=SeatState.USED, session_id=SESSION, node="session", traits=application.traits,
        participation=application.id, unit=None, expires_at=None, reason="fixed", made_by="region",
    )  # fmt: skip


def a_fixed_roster(policy: Policy, selected: int = 2, waiting: int = 2) -> MemorySelectionWork:
    """A session with a roster in force: applications 0, 1, … selected, then the reserve in order."""
    work = MemorySelectionWork(system("selection"), policy)
    work.sessions.add(
        Session(
            id=SESSION, batch_id=UUID(int=9), programme="tibet-special-training", batch="batch-4", session="2024",
            quota=selected, planned_start=date(2024, 9, 1), planned_end=date(2025, 8, 31), term="P1Y",
            policy_version="batch-4", seed="s", quota_nodes=[],
        )
    )  # fmt: skip
    entries = []
    seats = []
    for n in range(selected + waiting):
        inside = n < selected
        application = an_application(n, ApplicationState.SELECTED if inside else ApplicationState.RESERVE)
        work.applications.add(application)
        standing = EntryStanding.SELECTED if inside else EntryStanding.RESERVE
        entries.append(an_entry(application, standing, n + 1 if inside else n - selected + 1))
        if inside:
            seats.append(a_used_seat(n, application))
            work.seats.add(seats[-1])
    work.quotas.counters[SESSION] = counters_of(work.sessions.things[SESSION].tree, seats)
    work.rosters.add(
        Roster(
            id=UUID(int=50), state=RosterState.FIXED, session_id=SESSION, programme="tibet-special-training",
            batch="batch-4", session="2024", policy_version="batch-4", run_id=UUID(int=60), roster_version=1,
            entries=entries, swaps=[], sha256="0" * 64,
        )
    )  # fmt: skip
    return work


def person(work: MemorySelectionWork, number: int) -> Application:
    return work.applications.things[UUID(int=100 + number)]


async def test_a_withdrawn_reserve_is_stepped_over(policy: Policy) -> None:
    """The next in order takes the place."""
    work = a_fixed_roster(policy)
    person(work, 2).withdraw("work", someone(Role.APPLICANT))
    person(work, 0).withdraw("work", someone(Role.APPLICANT))

    await vacate_place(work, person(work, 0), "work")  # type: ignore[arg-type]

    assert person(work, 2).state is ApplicationState.WITHDRAWN
    assert person(work, 3).state is ApplicationState.SELECTED
    assert [type(fact) for fact in work.announced] == [
        facts.RosterFixed, facts.CandidateDeselected, facts.ReservePromoted, facts.CandidateSelected,
    ]  # fmt: skip


async def test_withdrawal_and_end_commute(policy: Policy) -> None:
    """Whichever comes first, the place is given away once."""
    end_first, withdrawal_first = a_fixed_roster(policy), a_fixed_roster(policy)
    pid = UUID(int=100)

    await follow_end_of_placement(end_first, pid, "before_start", False, "withdrawn")  # type: ignore[arg-type]
    person(withdrawal_first, 0).withdraw("work", someone(Role.APPLICANT))
    await vacate_place(withdrawal_first, person(withdrawal_first, 0), "work")  # type: ignore[arg-type]
    for work in (end_first, withdrawal_first):
        await follow_end_of_placement(work, pid, "before_start", False, "withdrawn")  # type: ignore[arg-type]

    for work in (end_first, withdrawal_first):
        assert person(work, 2).state is ApplicationState.SELECTED
        assert person(work, 3).state is ApplicationState.RESERVE
        assert len(work.vacancies.things) == 1
        assert work.rosters.things[UUID(int=50)].roster_version == 2


async def test_an_early_end_closes_the_story_and_a_certificate_reopens_nothing(policy: Policy) -> None:
    """A later word replaces an earlier; a repeated one says nothing."""
    work = a_fixed_roster(policy)
    pid = UUID(int=100)
    await note_arrival(work, pid, date(2024, 9, 1))  # type: ignore[arg-type]
    await note_arrival(work, pid, date(2024, 9, 9))  # type: ignore[arg-type]

    await follow_end_of_placement(work, pid, "early", True, "health")  # type: ignore[arg-type]
    await close_story(work, pid, "ended_early")  # type: ignore[arg-type]
    await close_story(work, pid, "failed")  # type: ignore[arg-type]

    assert person(work, 0).started_on == date(2024, 9, 1)
    assert [fact.outcome for fact in work.announced if isinstance(fact, facts.StoryClosed)] == ["ended_early", "failed"]
    assert person(work, 2).state is ApplicationState.RESERVE


async def test_a_promoted_person_may_leave_too(policy: Policy) -> None:
    """Each place is filled at most once; the next place is another."""
    work = a_fixed_roster(policy)
    for number in (0, 2):
        person(work, number).withdraw("work", someone(Role.APPLICANT))
        await vacate_place(work, person(work, number), "work")  # type: ignore[arg-type]

    roster = work.rosters.things[UUID(int=50)]
    assert roster.roster_version == 3
    assert {entry.application.int - 100 for entry in roster.selected} == {1, 3}
    assert [vacancy.promoted.int - 100 for vacancy in work.vacancies.things.values() if vacancy.promoted] == [2, 3]


async def test_recommendations_need_one_way_to_name_the_person(policy: Policy) -> None:
    """S-03: application, or call and account; a refusal needs its reason; a foreign application is not there."""
    work = MemorySelectionWork(someone(Role.UNIT_OFFICER, organisation="cn/54/5401/U0001"), policy)
    good = Opinion(None, CALL, "account-1", "given", None)
    work.calls.add(
        Call(
            id=CALL, session_id=SESSION, programme="p", batch="b", session="s", opens_at=work.now, closes_at=work.now,
            scope="cn/54", required_steps=[], profile="trainee", policy_version="batch-4",
        )
    )  # fmt: skip

    for wrong in (
        replace(good, application=UUID(int=3)),
        replace(good, account=None),
        replace(good, opinion="refused"),
    ):
        with pytest.raises(Malformed):
            await recommend(work, [good, wrong])  # type: ignore[arg-type]
    with pytest.raises(Malformed):
        await recommend(work, [good, good])  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        await recommend(work, [Opinion(UUID(int=7), None, None, "given", None)])  # type: ignore[arg-type]
    (given,) = await recommend(work, [good])  # type: ignore[arg-type]

    assert (given.state, given.unit, given.given_by) == ("given", "cn/54/5401/U0001", "unit_officer-1")
