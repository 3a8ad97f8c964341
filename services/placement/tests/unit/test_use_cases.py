"""Use cases on in-memory stores: events in any order and number lead to one state."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from placement.domain.agreements import Agreement
from placement.domain.agreements.filings import Filing
from placement.domain.agreements.pages import Page
from placement.domain.calendars import Calendar
from placement.domain.escalations import Escalation, Overdue
from placement.domain.hosts import Host, Mentor
from placement.domain.mentorships import Mentorship
from placement.domain.offers import Offer
from placement.domain.online import CourseCompletion, OnlineCourse
from placement.domain.pairing.links import Contribution, PairedObject, SecondmentLink
from placement.domain.placements.closing import Leaving
from placement.domain.placements.placement import Placement
from placement.domain.placements.segments import Segment
from placement.domain.placements.states import MATCHABLE, PlacementState
from placement.domain.plans import Plan
from placement.domain.policies import Policy, Rules
from placement.domain.pretraining import Invitation, PreTraining
from placement.domain.reports import Report, ReportState
from placement.domain.runs import MatchingRun, RunInput
from placement.domain.sectors import SectorTask
from placement.testing.classes import MemoryClassStores
from placement.usecases.cases.open_case import Selection, open_case
from placement.usecases.cases.record_leaving import record_leaving
from shared.kernel.actor import system
from shared.kernel.job import Job
from shared.kernel.refusals import NotFound
from shared.work.memory import MemoryWork

ONE = UUID(int=1)


class MemoryPlacementWork(MemoryClassStores, MemoryWork):
    """The unit of work of placement in memory."""

    def __init__(self, *arguments: Any, rules: Rules | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.policies = self.store(Policy)
        self.hosts = self.store(Host)
        self.mentors = self.store(Mentor)
        self.runs = self.store(MatchingRun)
        self.placements = self.store(Placement)
        self.leavings = self.store(Leaving)
        self.offers = self.store(Offer)
        self.segments = self.store(Segment)
        self.agreements = self.store(Agreement)
        self.filings = self.store(Filing)
        self.pages = self.store(Page)
        self.mentorships = self.store(Mentorship)
        self.plans = self.store(Plan)
        self.pre_trainings = self.store(PreTraining)
        self.invitations = self.store(Invitation)
        self.reports = self.store(Report)
        self.run_inputs = self.store(RunInput)
        self.paired_objects = self.store(PairedObject)
        self.secondment_links = self.store(SecondmentLink)
        self.contributions = self.store(Contribution)
        self.online_courses = self.store(OnlineCourse)
        self.course_completions = self.store(CourseCompletion)
        self.jobs = self.store(Job)
        self.sector_tasks = self.store(SectorTask)
        self.escalations = self.store(Escalation)
        self.calendars = self.store(Calendar)
        self.known_rules = rules

    async def rules(self, programme: str, policy_version: str, *, use: bool = False) -> Rules:
        """The one policy there is."""
        del programme, policy_version, use
        if self.known_rules is None:
            raise NotFound("policy-missing", "There is no policy.")
        return self.known_rules

    async def overdue_to_raise(self, day: date, limit: int) -> list[Overdue]:
        """Nothing is owed in memory."""
        del day, limit
        return []

    async def waiting(self, session: str) -> list[Placement]:
        """Cases that wait or are proposed."""
        return await self.placements.list(session=session, state=[*MATCHABLE, PlacementState.PROPOSED])

    async def agreements_over_before(self, day: date, limit: int) -> list[Agreement]:
        """None of the stories here lasts that long."""
        del day, limit
        return []

    async def reports_due_before(self, day: date, limit: int) -> list[Report]:
        """Reports still due before ``day``."""
        late = [report for report in await self.reports.list(state=ReportState.DUE) if report.due_on < day]
        return sorted(late, key=lambda report: report.due_on)[:limit]


def a_selection(roster_version: int) -> Selection:
    """What selection says in one version of the roster; the rank tells the versions apart."""
    return Selection(
        participation=ONE, account="account-1", programme="p", batch="b", session="2024", roster=UUID(int=7),
        roster_version=roster_version, direction="outbound", specialty="nursing", specialty_group="health",
        study_direction="clinical-practice", focus_area=None, sending_unit="cn/54/5401/U0001", origin_area="5401",
        title_level="senior", rank=roster_version, planned_start=date(2024, 7, 1), planned_end=date(2025, 6, 30),
        term="P1Y", host_preferences=[], policy_version="b",
    )  # fmt: skip


async def told(work: MemoryPlacementWork, story: list[tuple[str, int]]) -> None:
    """Let the events of a story happen."""
    for kind, version in story:
        if kind == "selected":
            await open_case(work, a_selection(version))
        elif kind == "deselected":
            await record_leaving(work, ONE, withdrawn=False, roster_version=version, reason=f"amended-{version}")
        else:
            await record_leaving(work, ONE, withdrawn=True, roster_version=None, reason="family")


events = st.lists(
    st.one_of(
        st.tuples(st.just("selected"), st.sampled_from([1, 3, 5])),
        st.tuples(st.just("deselected"), st.sampled_from([2, 4])),
        st.just(("withdrawn", 0)),
    ),
    min_size=1,
    max_size=5,
    unique=True,
)


@given(events, st.data())
@settings(max_examples=200, deadline=None)
async def test_leaving_and_selection_commute(story: list[tuple[str, int]], data: st.DataObject) -> None:
    """Any order, any repetition: the same state, rank, roster version and reason."""
    rules: Any = SimpleNamespace(pairings=None)
    outcomes = []
    shuffled = data.draw(st.permutations(story))
    for order in (story, shuffled, [*shuffled, *story]):
        work = MemoryPlacementWork(system("placement"), rules=rules)
        await told(work, list(order))
        placement = work.placements.things.get(ONE)
        leaving = work.leavings.things.get(ONE)
        outcomes.append(
            (
                placement and (placement.state, placement.rank, placement.roster_version),
                leaving and (leaving.withdrawn, leaving.roster_version, leaving.reason),
            )
        )

    assert outcomes[0] == outcomes[1] == outcomes[2]
