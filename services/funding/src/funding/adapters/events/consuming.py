"""Published contract → use case. Nothing here raises ``TooEarly``: whatever comes first is kept in the story."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from funding.adapters.db.unit_of_work import FundingUnit
from funding.domain.standing import story
from funding.usecases.participations.hear import hear, hear_selected
from shared.contracts import assessment, placement, selection
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event

Handler = Callable[[FundingUnit, Any, Envelope], Awaitable[None]]


async def selected(work: FundingUnit, event: selection.Selected, envelope: Envelope) -> None:
    """A person has a place: reserve."""
    heard = story.Selection(event.roster_version, event.planned_start, event.planned_end, event.term)
    await hear_selected(
        work,
        event.participation,
        cause=envelope.id,
        programme=event.programme,
        batch=event.batch,
        session=event.session,
        account=event.account,
        sending_unit=event.sending_unit,
        keep=lambda told: told.hear_selected(heard),
    )


async def deselected(work: FundingUnit, event: selection.Deselected, envelope: Envelope) -> None:
    """An amended roster dropped the person: release."""
    leaving = story.Leaving(event.reason, event.roster_version)
    await hear(work, event.participation, cause=envelope.id, keep=lambda told: told.hear_deselected(leaving))


async def withdrawn(work: FundingUnit, event: selection.ApplicationWithdrawn, envelope: Envelope) -> None:
    """A selected person withdrew: release; before selection there is no money to care for."""
    if event.stage == "selected":
        leaving = story.Leaving(event.reason)
        await hear(work, event.participation, cause=envelope.id, keep=lambda told: setattr(told, "withdrawn", leaving))


async def placed(work: FundingUnit, event: placement.Placed, envelope: Envelope) -> None:
    """The placement is confirmed: commit."""
    placing = story.Placing(event.host, event.host_province, event.planned_start, event.planned_end)
    await hear(work, event.participation, cause=envelope.id, keep=lambda told: setattr(told, "placing", placing))


async def arrived(work: FundingUnit, event: placement.PlacementArrived, envelope: Envelope) -> None:
    """The person is there: the first instalment is due (M-03)."""
    arrival = story.Arrival(event.host, event.arrived_on, event.punctuality == "late")
    await hear(work, event.participation, cause=envelope.id, keep=lambda told: setattr(told, "arrival", arrival))


async def changed(work: FundingUnit, event: placement.PlacementChanged, envelope: Envelope) -> None:
    """A running placement changed: recompute."""
    change = story.Change(envelope.id, event.effective_on, event.host, event.planned_end, event.change)

    def keep(told: story.Story) -> None:
        if event.corrects is not None and event.recorded_on is not None:
            told.hear_moved(event.corrects, event.recorded_on, event.effective_on)
        told.hear_changed(change)

    await hear(work, event.participation, cause=envelope.id, keep=keep)


async def ended(work: FundingUnit, event: placement.PlacementEnded, envelope: Envelope) -> None:
    """The placement is over: pay to the day, void, claw back, or go on to the certificate."""
    ending = story.Ending(event.started, event.ended_on, event.kind, event.reason, event.days_served)
    await hear(work, event.participation, cause=envelope.id, keep=lambda told: setattr(told, "ending", ending))


async def assessed(work: FundingUnit, event: assessment.Assessed, envelope: Envelope) -> None:
    """The result is confirmed: a fail ends the plan before its last instalment."""
    result = story.Result(event.result == "pass", event.confirmed_on, event.ordinal)
    await hear(work, event.participation, cause=envelope.id, keep=lambda told: told.hear_result(result))


async def certified(work: FundingUnit, event: assessment.Certified, envelope: Envelope) -> None:
    """The certificate is issued: the last instalment is due."""
    heard = story.Certificate(event.certificate, event.issued_on)
    await hear(work, event.participation, cause=envelope.id, keep=lambda told: told.hear_certificate(heard))


async def revoked(work: FundingUnit, event: assessment.CertificateRevoked, envelope: Envelope) -> None:
    """The certificate is void: the last instalment is not owed."""
    heard = story.Certificate(event.certificate, None, event.revoked_on)
    await hear(work, event.participation, cause=envelope.id, keep=lambda told: told.hear_certificate(heard))


CONSUMES: Final[dict[type[Event], Handler]] = {
    selection.Selected: selected,
    selection.Deselected: deselected,
    selection.ApplicationWithdrawn: withdrawn,
    placement.Placed: placed,
    placement.PlacementArrived: arrived,
    placement.PlacementChanged: changed,
    placement.PlacementEnded: ended,
    assessment.Assessed: assessed,
    assessment.Certified: certified,
    assessment.CertificateRevoked: revoked,
}
