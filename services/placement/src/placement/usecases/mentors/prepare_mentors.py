"""Record the contact before the start, and let mentors take up their trainees (M-05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.mentorships import Mentorship
from placement.domain.placements.term import begin_when_ready
from placement.usecases.batches import Batch, by
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets


@dataclass(frozen=True, slots=True, kw_only=True)
class PreContact:
    """The day mentor and trainee were first in touch."""

    mentorship: UUID
    contacted_on: date


async def record_pre_contacts(
    work: PlacementWork, contacts: Sequence[PreContact], *, alone: bool = False
) -> list[Mentorship]:
    """Record dated contacts; the host or the mentor does it.

    Raises:
        RuleViolated: ``date-in-future``, ``contact-after-start``.
    """
    batch = Batch(alone=alone)
    ids = [contact.mentorship for contact in contacts]
    mentorships = await batch.load(work.mentorships, ids, "mentorship")
    placements = by(await work.placements.list(id={m.participation for m in mentorships.values()}), "id")
    for number, contact in enumerate(contacts):
        with batch.at(number):
            mentorship = mentorships[contact.mentorship]
            work.authorise(_facets(mentorship))
            placement = placements[mentorship.participation]
            mentorship.record_pre_contact(
                contact.contacted_on,
                today=work.today,
                start=placement.arrived_on or placement.planned_start,
                by=work.actor,
            )
    batch.settle()
    return [mentorships[id] for id in ids]


async def activate_mentors(work: PlacementWork, ids: Sequence[UUID], *, alone: bool = False) -> list[Mentorship]:
    """Let mentors take up their trainees.

    Raises:
        Conflict: ``wrong-state`` without a recorded contact.
        RuleViolated: ``outside-term``, ``outside-employment``.
    """
    batch = Batch(alone=alone)
    mentorships = await batch.load(work.mentorships, ids, "mentorship")
    placements = by(await work.placements.list(id={m.participation for m in mentorships.values()}), "id")
    entries = by(await work.mentors.list(id={m.mentor for m in mentorships.values()}), "id")
    for number, id in enumerate(ids):
        with batch.at(number, "mentorship"):
            mentorship = mentorships[id]
            work.authorise(_facets(mentorship))
            placement = placements[mentorship.participation]
            fact = mentorship.activate(
                entries[mentorship.mentor],
                on=work.today,
                start=placement.arrived_on or placement.planned_start,
                end=placement.planned_end,
                by=work.actor,
            )
            work.announce(fact)
            placement.mentor_on = work.today
            begin_when_ready(placement)
    batch.settle()
    return [mentorships[id] for id in ids]


def _facets(mentorship: Mentorship) -> Facets:
    return Facets(host=mentorship.host, assigned=frozenset({mentorship.account}))
