"""The region plans pre-training and invites those who leave from its prefectures (M-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.placements.placement import Placement
from placement.domain.placements.states import PlacementState
from placement.domain.pretraining import Invitation, InvitationState, PreTraining
from placement.domain.pretraining.event import must_be_before
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets, lies_within, system
from shared.kernel.refusals import Conflict, Malformed

_SERVICE = system("placement")
_KEPT = (InvitationState.INVITED, InvitationState.ATTENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreTrainingDraft:
    """An event to be; without ``areas`` it is for the whole region."""

    programme: str
    policy_version: str
    session: str
    areas: list[str]
    place: str
    starts_on: date
    ends_on: date


async def plan_pre_training(work: PlacementWork, draft: PreTrainingDraft) -> PreTraining:
    """Plan an event of the caller's region.

    Raises:
        NotFound: ``policy-missing``.
        Malformed: ``ends-before-start``.
    """
    work.authorise(Facets(unit=work.actor.organisation))
    await work.rules(draft.programme, draft.policy_version, use=True)
    _in_order(draft.starts_on, draft.ends_on)
    event = PreTraining(
        id=work.new_id(),
        programme=draft.programme,
        policy_version=draft.policy_version,
        session=draft.session,
        organiser=work.actor.organisation,
        areas=draft.areas,
        place=draft.place,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
    )
    work.pre_trainings.add(event)
    return event


async def change_pre_training(work: PlacementWork, id: UUID, place: str, starts_on: date, ends_on: date) -> PreTraining:
    """Hold an event elsewhere or on other days, still before everybody's departure.

    Raises:
        RuleViolated: ``after-departure``.
    """
    event = await work.pre_trainings.get(id, target=True)
    work.authorise(event.facets)
    _in_order(starts_on, ends_on)
    event.change(place, starts_on, ends_on, by=work.actor)
    invited = await work.invitations.list(pre_training=id, state=InvitationState.INVITED)
    placements = await work.placements.list(id=[each.participation for each in invited])
    must_be_before(ends_on, [placement.planned_start for placement in placements])
    return event


async def invite(work: PlacementWork, id: UUID, participations: list[UUID] | None) -> list[Invitation]:
    """Invite the people named, or all of the session and the event's areas who leave later and are not yet invited.

    Raises:
        RuleViolated: ``after-departure``.
        Malformed: ``not-of-this-event`` for people of another session, area or region.
        Conflict: ``invited-already``, ``not-placed`` for people who are named, ``nobody-to-invite``.
    """
    event = await work.pre_trainings.get(id, target=True)
    work.authorise(event.facets)
    if participations is None:
        found = await work.placements.list(session=event.session, state=PlacementState.CONFIRMED)
        people = [placement for placement in found if _concerns(event, placement)]
    else:
        people = await work.placements.get_many(list(dict.fromkeys(participations)))
        strangers = [str(placement.id) for placement in people if not _concerns(event, placement)]
        if strangers:
            raise Malformed("not-of-this-event", "Of another session, area or region.", participations=strangers)
        for placement in people:
            if placement.state is not PlacementState.CONFIRMED:
                raise Conflict("not-placed", "Only who is confirmed and has not left is invited.", rule="M-11")
    kept = await work.invitations.list(participation=[placement.id for placement in people], state=_KEPT)
    there = await work.invitations.list(pre_training=id)
    known = {each.participation for each in (*kept, *there)}
    if participations is not None and known & {placement.id for placement in people}:
        raise Conflict("invited-already", "Somebody named here is invited already.", rule="M-11")
    people = [placement for placement in people if placement.id not in known]
    if not people:
        raise Conflict("nobody-to-invite", "Everybody concerned is invited already.", rule="M-11")
    event.invite({str(placement.id): placement.planned_start for placement in people}, by=work.actor)
    made = []
    for placement in sorted(people, key=lambda each: each.id):
        made.append(
            Invitation(
                id=work.new_id(), pre_training=id, participation=placement.id, area=placement.origin_area
            )
        )  # fmt: skip
        work.invitations.add(made[-1])
    return made


async def cancel_pre_training(work: PlacementWork, id: UUID, reason: str) -> PreTraining:
    """Call an event off; who was invited may be invited to another."""
    event = await work.pre_trainings.get(id, target=True)
    work.authorise(event.facets)
    event.cancel(reason, by=work.actor)
    for invitation in await work.invitations.list(pre_training=id, state=InvitationState.INVITED):
        invitation.release(by=_SERVICE)
    return event


def _concerns(event: PreTraining, placement: Placement) -> bool:
    return (
        placement.session == event.session
        and placement.programme == event.programme
        and lies_within(placement.sending_unit, event.organiser)
        and (not event.areas or placement.origin_area in event.areas)
    )


def _in_order(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Malformed("ends-before-start", "The last day lies before the first.", rule="M-11")
