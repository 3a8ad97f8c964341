"""Terms over HTTP: arrival, changes, end, return."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.routes.placements import one_of
from placement.adapters.http.schemas.common import Done, Items, ReasonCode
from placement.adapters.http.schemas.placements import (
    ArrivalIn,
    ArriveIn,
    EndIn,
    EndingIn,
    ExtendIn,
    HomeComingIn,
    NoShowIn,
    PlacementCorrectIn,
    PlacementFormalitiesIn,
    PlacementOut,
    ResumeIn,
    ReturnIn,
    SuspendIn,
    TransferIn,
)
from placement.adapters.http.scoping import PREFIX
from placement.usecases.term.change_term import (
    extend_placement,
    resume_placement,
    suspend_placement,
    transfer_placement,
)
from placement.usecases.term.correct_dates import correct_dates
from placement.usecases.term.end_placements import Ending, HomeComing, end_placements, record_returns
from placement.usecases.term.not_started import cancel_placement, record_no_show
from placement.usecases.term.record_arrivals import Arrival, record_arrivals
from placement.usecases.term.tick_formalities import tick_formalities
from shared.http.commands import Command
from shared.http.guards import command
from shared.http.problems import PROBLEMS

router = APIRouter(prefix=PREFIX, tags=["terms"])
Arriving = Annotated[Command[SqlPlacementWork], Depends(command("placement.arrive"))]
Ended = Annotated[Command[SqlPlacementWork], Depends(command("placement.end"))]
Returning = Annotated[Command[SqlPlacementWork], Depends(command("placement.return"))]


@router.post("/placements/{participation}/arrive", response_model=PlacementOut, responses=PROBLEMS)
async def post_arrive(participation: UUID, body: ArriveIn, command: Arriving) -> Response:
    """Record the actual day of arrival (M-03)."""
    arrival = Arrival(participation=participation, arrived_on=body.arrived_on)
    return await command.run(lambda work: record_arrivals(work, [arrival], alone=True), present=one_of)


@router.post("/arrivals", response_model=Done, responses=PROBLEMS)
async def post_arrivals(body: Items[ArrivalIn], command: Arriving) -> Response:
    """Record a list of arrivals at once."""
    arrivals = [item.arrival() for item in body.items]
    return await command.run(lambda work: record_arrivals(work, arrivals), present=Done.of)


@router.post("/placements/{participation}/no-show", response_model=PlacementOut, responses=PROBLEMS)
async def post_no_show(
    participation: UUID,
    body: NoShowIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.no-show"))],
) -> Response:
    """Record that the person did not come."""
    return await command.run(
        lambda work: record_no_show(work, participation, body.noted_on, body.reason), present=PlacementOut.of
    )


@router.post("/placements/{participation}/cancel", response_model=PlacementOut, responses=PROBLEMS)
async def post_cancel(
    participation: UUID,
    body: ReasonCode,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.cancel"))],
) -> Response:
    """Cancel a confirmed placement before the arrival."""
    return await command.run(lambda work: cancel_placement(work, participation, body.reason), present=PlacementOut.of)


@router.post("/placements/{participation}/suspend", response_model=PlacementOut, responses=PROBLEMS)
async def post_suspend(
    participation: UUID,
    body: SuspendIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.suspend"))],
) -> Response:
    """Interrupt the term; the days until it is resumed are not served."""
    return await command.run(
        lambda work: suspend_placement(work, participation, body.effective_on, body.reason),
        present=PlacementOut.of,
    )


@router.post("/placements/{participation}/resume", response_model=PlacementOut, responses=PROBLEMS)
async def post_resume(
    participation: UUID,
    body: ResumeIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.resume"))],
) -> Response:
    """Go on with the term."""
    return await command.run(
        lambda work: resume_placement(work, participation, body.effective_on), present=PlacementOut.of
    )


@router.post("/placements/{participation}/transfer", response_model=PlacementOut, responses=PROBLEMS)
async def post_transfer(
    participation: UUID,
    body: TransferIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.transfer"))],
) -> Response:
    """Go on at another host."""
    return await command.run(
        lambda work: transfer_placement(work, participation, body.effective_on, body.offer, body.reason),
        present=PlacementOut.of,
    )


@router.post("/placements/{participation}/extend", response_model=PlacementOut, responses=PROBLEMS)
async def post_extend(
    participation: UUID,
    body: ExtendIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.extend"))],
) -> Response:
    """Let the term last longer."""
    return await command.run(
        lambda work: extend_placement(work, participation, body.planned_end, body.reason),
        present=PlacementOut.of,
    )


@router.post("/placements/{participation}/correct", response_model=PlacementOut, responses=PROBLEMS)
async def post_correct(
    participation: UUID,
    body: PlacementCorrectIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.correct"))],
) -> Response:
    """Put an actual date right that was recorded wrongly; the old one stays in the audit trail."""
    correction = body.correction()
    return await command.run(
        lambda work: correct_dates(work, participation, correction, body.reason), present=PlacementOut.of
    )


@router.post("/placements/{participation}/formalities", response_model=PlacementOut, responses=PROBLEMS)
async def post_formalities(
    participation: UUID,
    body: PlacementFormalitiesIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.tick-formalities"))],
) -> Response:
    """Tick that the host-side formalities are done, or take the tick back (D-05)."""
    return await command.run(lambda work: tick_formalities(work, participation, body.done), present=PlacementOut.of)


@router.post("/placements/{participation}/end", response_model=PlacementOut, responses=PROBLEMS)
async def post_end(participation: UUID, body: EndIn, command: Ended) -> Response:
    """End the term, normally or early with a reason."""
    ending = Ending(participation=participation, ended_on=body.ended_on, reason=body.reason)
    return await command.run(lambda work: end_placements(work, [ending], alone=True), present=one_of)


@router.post("/endings", response_model=Done, responses=PROBLEMS)
async def post_endings(body: Items[EndingIn], command: Ended) -> Response:
    """End a list of terms at once."""
    endings = [item.ending() for item in body.items]
    return await command.run(lambda work: end_placements(work, endings), present=Done.of)


@router.post("/placements/{participation}/return", response_model=PlacementOut, responses=PROBLEMS)
async def post_return(participation: UUID, body: ReturnIn, command: Returning) -> Response:
    """Record the return to the sending unit."""
    home_coming = HomeComing(participation=participation, returned_on=body.returned_on)
    return await command.run(lambda work: record_returns(work, [home_coming], alone=True), present=one_of)


@router.post("/returns", response_model=Done, responses=PROBLEMS)
async def post_returns(body: Items[HomeComingIn], command: Returning) -> Response:
    """Record a list of returns at once."""
    returns = [item.home_coming() for item in body.items]
    return await command.run(lambda work: record_returns(work, returns), present=Done.of)
