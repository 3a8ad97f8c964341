"""What the use cases of placement need: a unit of work with one store per aggregate, and the policies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

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
from placement.domain.placements.states import PlacementState
from placement.domain.plans import Plan
from placement.domain.policies import Policy, Rules
from placement.domain.pretraining import Invitation, PreTraining
from placement.domain.reports import Report
from placement.domain.runs import MatchingRun, RunInput
from placement.domain.sectors import SectorTask
from placement.usecases.classes.ports import ClassStores
from placement.usecases.missions.ports import MissionStores
from shared.kernel.job import Job
from shared.kernel.work import Store, Work


class Waiting(Protocol):
    """What matching reads of a case: an aggregate when it is to be changed, a bare row when not."""

    id: UUID
    programme: str
    policy_version: str
    direction: str
    origin_area: str
    position_class: str | None
    term: str
    planned_start: date
    specialty: str
    specialty_group: str
    title_level: str
    study_direction: str
    focus_area: str | None
    rank: int
    host_preferences: list[str]
    declined_hosts: list[str]
    state: PlacementState
    offer: UUID | None


class PlacementWork(ClassStores, MissionStores, Work, Protocol):
    """The unit of work of placement. Stores are locked in the order they are named here."""

    @property
    def policies(self) -> Store[Policy]:
        """Policy versions."""
        ...

    @property
    def hosts(self) -> Store[Host]:
        """The register of hosts."""
        ...

    @property
    def mentors(self) -> Store[Mentor]:
        """The registers of mentors."""
        ...

    @property
    def runs(self) -> Store[MatchingRun]:
        """Matching runs."""
        ...

    @property
    def placements(self) -> Store[Placement]:
        """Cases and placements; the id is the participation."""
        ...

    @property
    def leavings(self) -> Store[Leaving]:
        """Withdrawals and deselections, known before or after the selection."""
        ...

    @property
    def offers(self) -> Store[Offer]:
        """Offers of places."""
        ...

    @property
    def segments(self) -> Store[Segment]:
        """Stretches of days."""
        ...

    @property
    def agreements(self) -> Store[Agreement]:
        """Agreements, one row an edition."""
        ...

    @property
    def filings(self) -> Store[Filing]:
        """Files of agreements with the regional authority."""
        ...

    @property
    def pages(self) -> Store[Page]:
        """Scanned pages that carry signatures."""
        ...

    @property
    def mentorships(self) -> Store[Mentorship]:
        """Mentors assigned to placements."""
        ...

    @property
    def plans(self) -> Store[Plan]:
        """Training plans, one row an edition."""
        ...

    @property
    def pre_trainings(self) -> Store[PreTraining]:
        """Pre-training events."""
        ...

    @property
    def invitations(self) -> Store[Invitation]:
        """Invitations to pre-training, with what came of them."""
        ...

    @property
    def reports(self) -> Store[Report]:
        """Study reports, due or done."""
        ...

    @property
    def run_inputs(self) -> Store[RunInput]:
        """What runs were made from."""
        ...

    @property
    def paired_objects(self) -> Store[PairedObject]:
        """Projects, funds and technology of pairings."""
        ...

    @property
    def secondment_links(self) -> Store[SecondmentLink]:
        """Which secondment takes part in which object."""
        ...

    @property
    def online_courses(self) -> Store[OnlineCourse]:
        """The catalogue of online courses."""
        ...

    @property
    def course_completions(self) -> Store[CourseCompletion]:
        """Who completed which online course."""
        ...

    @property
    def contributions(self) -> Store[Contribution]:
        """What seconded people did."""
        ...

    @property
    def jobs(self) -> Store[Job]:
        """Long work."""
        ...

    @property
    def sector_tasks(self) -> Store[SectorTask]:
        """Tasks of sector departments."""
        ...

    @property
    def escalations(self) -> Store[Escalation]:
        """What was brought before a higher office."""
        ...

    @property
    def calendars(self) -> Store[Calendar]:
        """Addresses of calendars."""
        ...

    async def rules(self, programme: str, policy_version: str, *, use: bool = False) -> Rules:
        """The policy in effect, without locking it.

        Args:
            programme: code of the programme.
            policy_version: ``batch-4``.
            use: True when a decision hangs on it from now on, which makes the version immutable.

        Raises:
            NotFound: ``policy-missing``.
        """
        ...

    async def waiting(self, session: str) -> Sequence[Waiting]:
        """Cases of a session that wait for a match, were declined or are proposed, read without locking them."""
        ...

    async def agreements_over_before(self, day: date, limit: int) -> list[Agreement]:
        """Binding agreements of placements whose planned end lies before ``day``, locked, the earliest end first."""
        ...

    async def reports_due_before(self, day: date, limit: int) -> list[Report]:
        """Reports still ``due`` whose due date lies before ``day``, locked, the earliest first."""
        ...

    async def overdue_to_raise(self, day: date, limit: int) -> list[Overdue]:
        """Steps of the policies that overdue obligations have reached by ``day`` and that are not on record yet."""
        ...
