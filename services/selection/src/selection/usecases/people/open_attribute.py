"""Open one attribute of people through their participations, for a purpose that the register covers (domain.md 7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from selection.domain.people.register import Attribute, Extent, covering
from selection.usecases.people.record_read import record_read
from selection.usecases.people.seal_person import opened
from selection.usecases.ports import SelectionWork
from selection.usecases.sheet import no_twice
from shared.kernel.refusals import Finding, NotFound


@dataclass(frozen=True, slots=True)
class Opened:
    """The value of one participation's person; None when the person has not stated it."""

    participation: UUID
    value: str | None


async def open_attribute(
    work: SelectionWork, participations: Sequence[UUID], attribute: Attribute, purpose: str
) -> list[Opened]:
    """Whole values in the order asked for; every one leaves an entry that the person can see.

    Raises:
        Forbidden: ``purpose-not-covering``.
        NotFound: ``not-found`` for participations the caller may not see, or whose person is erased.
        Malformed: ``row-twice``.
    """
    covering(attribute, purpose, work.actor.roles, Extent.WHOLE)
    no_twice(participations, "participations")
    visible = {}
    for application in await work.readings.applications(participations):
        try:
            work.authorise(application.facets)
        except NotFound:
            continue
        visible[application.id] = application
    persons = await work.readings.persons(visible)
    missing = [id for id in participations if id not in visible or persons[id].erased_at is not None]
    if missing:
        raise NotFound(
            "not-found", "There is no such thing, or you may not see it.",
            findings=[
                Finding("not-found", "There is no such thing, or you may not see it.", f"/participations/{n}")
                for n, id in enumerate(participations) if id in missing
            ],
        )  # fmt: skip
    items = await work.people.items({person.id for person in persons.values()}, attribute)
    result = []
    for id in participations:
        item = items.get(persons[id].id)
        result.append(Opened(id, None if item is None else opened(work, persons[id], item)))
        record_read(work, persons[id].id, id, attribute, Extent.WHOLE, purpose)
    return result
