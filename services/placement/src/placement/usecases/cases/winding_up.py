"""What ends with a placement: agreement, mentor, plan and the reports of days that nobody will live through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from placement.domain.agreements.states import LIVING
from placement.domain.mentorships import OPEN
from placement.domain.placements.placement import Placement
from placement.domain.plans import PlanState
from placement.domain.pretraining import InvitationState
from placement.domain.reports import OWED
from placement.usecases.agreements.finding import lapse_filings
from placement.usecases.batches import by
from placement.usecases.ports import PlacementWork
from placement.usecases.sectors.give_tasks import lapse_tasks
from shared.kernel.actor import Actor, system

_SERVICE: Actor = system("placement")


async def give_place_back(work: PlacementWork, offers: Iterable[UUID]) -> None:
    """Free one place for each offer named (an offer may be named several times)."""
    counted = Counter(offers)
    for offer in await work.offers.list(id=list(counted)):
        for _ in range(counted[offer.id]):
            offer.free_place()


async def wind_up(work: PlacementWork, placements: Sequence[Placement]) -> None:
    """Finish everything that hangs on ended placements.

    Reports on periods that were not served to their end lapse, except after a normal end (D-02).
    """
    ids = [placement.id for placement in placements]
    over = by(placements, "id")
    await end_mentors(work, placements)
    await lapse_tasks(work, [id for id in ids if over[id].end_kind != "normal"])
    agreements = await work.agreements.list(participation=ids, state=LIVING)
    for agreement in agreements:
        placement = over[agreement.participation]
        agreement.finish(
            completed=placement.end_kind == "normal", reason=placement.end_reason, on=work.today, by=_SERVICE
        )
    await lapse_filings(work, agreements)
    for plan in await work.plans.list(
        participation=ids, state=[PlanState.DRAFT, PlanState.TRAINEE_CONSULTED, PlanState.IN_FORCE]
    ):
        plan.finish(by=_SERVICE)
    for invitation in await work.invitations.list(participation=ids, state=InvitationState.INVITED):
        invitation.release(by=_SERVICE)
    for report in await work.reports.list(participation=ids, state=OWED):
        placement = over[report.participation]
        if placement.end_kind != "normal" and placement.ended_on is not None and report.covers_to > placement.ended_on:
            report.lapse(by=_SERVICE)


async def end_mentors(work: PlacementWork, placements: Sequence[Placement]) -> None:
    """The mentors of these placements have a trainee less."""
    mentorships = await work.mentorships.list(participation=[placement.id for placement in placements], state=OPEN)
    over, yesterday = by(placements, "id"), work.today - timedelta(days=1)
    mentors = by(await work.mentors.list(id={mentorship.mentor for mentorship in mentorships}), "id")
    for mentorship in mentorships:
        mentorship.end(last=over[mentorship.participation].ended_on or yesterday, by=_SERVICE)
        mentors[mentorship.mentor].let_go()
