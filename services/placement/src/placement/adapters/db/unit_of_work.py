"""The unit of work of placement on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, ClassVar, cast

from sqlalchemy import Select, select

from placement.adapters.db import tables
from placement.adapters.db.classes import CLASS_CONSTRAINTS, SqlClassStores
from placement.adapters.db.missions import MISSION_CONSTRAINTS, SqlMissionStores
from placement.adapters.db.obligations.escalating import to_escalate
from placement.adapters.db.obligations.sources import SOURCES
from placement.adapters.db.year import YEAR_CONSTRAINTS, YearStores
from placement.adapters.events.publishing import translate
from placement.domain.agreements import Agreement
from placement.domain.agreements.filings import Filing
from placement.domain.agreements.pages import Page
from placement.domain.agreements.states import BINDING
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
from placement.usecases.ports import Waiting
from shared.kernel.job import Job
from shared.kernel.refusals import NotFound
from shared.vault import Vault


@cache
def _raising() -> Select[Any]:
    """What asks for steps that are due; made once, because it is large."""
    return to_escalate(SOURCES)


_RETRY = "Somebody else was faster; read it again."


class SqlPlacementWork(SqlClassStores, SqlMissionStores, YearStores):
    """Implements ``placement.usecases.ports.PlacementWork``."""

    service: ClassVar[str] = "placement"
    running: Any
    translate = staticmethod(translate)
    constraints: ClassVar[dict[str, tuple[str, str]]] = {
        "ex_segment_days": (
            "overlapping-placement", "The person has another placement on some of these days; end or change it first.",
        ),
        "ex_segment_shares": ("shares-overlap", "A second host has days on which the first one has none."),
        "ck_offer_capacity": ("no-place-left", "All places of this offer are taken."),
        "ck_mentor_load": ("mentor-overloaded", "This mentor has as many trainees as allowed."),
        "uq_offer_open": ("offer-exists", "There is an open offer already; change its capacity."),
        "uq_agreement_open": ("agreement-exists", "There is an open agreement already."),
        "uq_agreement_filing_number": ("filing-number-taken", "Another agreement is on file under this number."),
        "uq_agreement_filing_living": ("filing-exists", "This edition has its file already."),
        "uq_agreement_page_agreement_sha256": ("lost-race", _RETRY),
        "ex_agreement_binding": ("lost-race", _RETRY),
        "uq_pre_training_planned": ("pre-training-exists", "Such an event is planned there on that day already."),
        "uq_pre_training_invitation_open": ("invited-already", "Somebody named here is invited already."),
        "uq_pre_training_invitation_pre_training_participation": ("lost-race", _RETRY),
        "ex_mentorship_open": ("lost-race", _RETRY),
        "ex_mentorship_days": ("mentors-overlap", "Two mentors of one placement share no day."),
        "uq_plan_open": ("plan-exists", "There is an open plan already."),
        "uq_escalation_obligation_step": ("lost-race", _RETRY),
        "uq_calendar_account": ("lost-race", _RETRY),
        "uq_sector_task_open": ("lost-race", _RETRY),
        "uq_host_code": ("lost-race", _RETRY),
        "uq_host_path": ("lost-race", _RETRY),
        "uq_mentor_host_account": ("lost-race", _RETRY),
        "uq_policy_programme_policy_version": ("lost-race", _RETRY),
        "pk_placement": ("lost-race", _RETRY),
        "pk_leaving": ("lost-race", _RETRY),
        "uq_paired_object_programme_code": ("object-code-taken", "Another object has this code."),
        "uq_secondment_link_participation_object": ("linked-already", "The secondment is linked with it already."),
        "uq_contribution_participation_kind_made_on": (
            "contribution-exists", "A contribution of this type is on record for that day.",
        ),
        "uq_report_participation_period": ("lost-race", _RETRY),
        "uq_online_course_code": ("lost-race", _RETRY),
        "uq_course_completion_participation_course": ("lost-race", _RETRY),
        "uq_course_completion_provider_reference": (
            "reference-used", "The provider has used this reference for another completion.",
        ),
        **YEAR_CONSTRAINTS,
        **CLASS_CONSTRAINTS,
        **MISSION_CONSTRAINTS,
    }  # fmt: skip

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.policies = self.store(Policy, tables.policy)
        self.hosts = self.store(Host, tables.host)
        self.mentors = self.store(Mentor, tables.mentor)
        self.runs = self.store(MatchingRun, tables.run)
        self.placements = self.store(Placement, tables.placement)
        self.leavings = self.store(Leaving, tables.leaving)
        self.offers = self.store(Offer, tables.offer)
        self.segments = self.store(Segment, tables.segment)
        self.agreements = self.store(Agreement, tables.agreement)
        self.filings = self.store(Filing, tables.agreement_filing)
        self.pages = self.store(Page, tables.agreement_page)
        self.mentorships = self.store(Mentorship, tables.mentorship)
        self.plans = self.store(Plan, tables.plan)
        self.pre_trainings = self.store(PreTraining, tables.pre_training)
        self.invitations = self.store(Invitation, tables.pre_training_invitation)
        self.reports = self.store(Report, tables.report)
        self.run_inputs = self.store(RunInput, tables.run_input)
        self.paired_objects = self.store(PairedObject, tables.paired_object)
        self.secondment_links = self.store(SecondmentLink, tables.secondment_link)
        self.contributions = self.store(Contribution, tables.contribution)
        self.jobs = self.store(Job, tables.job)
        self.online_courses = self.store(OnlineCourse, tables.online_course)
        self.course_completions = self.store(CourseCompletion, tables.course_completion)
        self.keep_year()
        self.sector_tasks = self.store(SectorTask, tables.sector_task)
        self.escalations = self.store(Escalation, tables.escalation)
        self.calendars = self.store(Calendar, tables.calendar)
        self._rules: dict[tuple[str, str], Rules] = {}

    @property
    def vault(self) -> Vault | None:
        """The vault of the deployment, for files of jobs; None where no key is configured."""
        vault: Vault | None = self.running.extras.get("vault")
        return vault

    async def rules(self, programme: str, policy_version: str, *, use: bool = False) -> Rules:
        """See ``PlacementWork.rules``."""
        key = (programme, policy_version)
        if key not in self._rules or use:
            table = tables.policy
            found = (
                await self.connection.execute(
                    select(table.c.effective, table.c.used).where(
                        table.c.programme == programme, table.c.policy_version == policy_version
                    )
                )
            ).one_or_none()
            if found is None:
                raise NotFound(
                    "policy-missing", f"Apply the placement policy '{programme}/{policy_version}' first.",
                    programme=programme, policy_version=policy_version,
                )  # fmt: skip
            self._rules[key] = Rules.of(found.effective)
            if use and not found.used:
                policy = await self.policies.find(programme=programme, policy_version=policy_version)
                assert policy is not None
                policy.used = True
                self._rules[key] = policy.rules
        return self._rules[key]

    async def waiting(self, session: str) -> Sequence[Waiting]:
        """See ``PlacementWork.waiting``."""
        table = tables.placement
        columns = [table.c[name] for name in Waiting.__annotations__]
        states = [*MATCHABLE, PlacementState.PROPOSED]
        rows = await self.connection.execute(
            select(*columns).where(table.c.session == session, table.c.state.in_(states)).order_by(table.c.id)
        )
        return cast("Sequence[Waiting]", rows.all())

    async def agreements_over_before(self, day: date, limit: int) -> list[Agreement]:
        """See ``PlacementWork.agreements_over_before``; rows somebody else holds are left for the next time."""
        table, of = tables.agreement, tables.placement
        ids = (
            await self.connection.execute(
                select(table.c.id)
                .join(of, of.c.id == table.c.participation)
                .where(table.c.state.in_(BINDING), of.c.planned_end < day)
                .order_by(of.c.planned_end, table.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True, of=table)
            )
        ).scalars()
        return await self.agreements.get_many(ids)

    async def reports_due_before(self, day: date, limit: int) -> list[Report]:
        """See ``PlacementWork.reports_due_before``; rows somebody else holds are left for the next time."""
        table = tables.report
        ids = (
            await self.connection.execute(
                select(table.c.id)
                .where(table.c.state == ReportState.DUE, table.c.due_on < day)
                .order_by(table.c.due_on, table.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        ).scalars()
        return await self.reports.get_many(ids)

    async def overdue_to_raise(self, day: date, limit: int) -> list[Overdue]:
        """See ``PlacementWork.overdue_to_raise``."""
        await self.flush()
        rows = await self.connection.execute(_raising(), {"today": day, "most": limit})
        return [Overdue(**row._mapping) for row in rows]
