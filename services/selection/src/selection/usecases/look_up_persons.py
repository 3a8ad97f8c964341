"""Give other services the names they must print; purpose stated, every read audited (domain.md 7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from selection.domain.people.register import Attribute, Extent, covering
from selection.usecases.people.record_read import record_read
from selection.usecases.people.seal_person import opened
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class PersonName:
    """What may be printed.

    Attributes:
        identity_tail: last four characters of the identity number, only when asked for.
    """

    participation: UUID
    name_zh: str
    name_bo: str | None
    name_latin: str | None
    identity_tail: str | None


async def look_up_persons(
    work: SelectionWork, participations: Sequence[UUID], purpose: str | None, with_identity_tail: bool
) -> list[PersonName]:
    """Names by participation, in the order asked for; without a ``purpose`` in the request the token's counts.

    Raises:
        Forbidden: ``purpose-missing``, ``purpose-not-covering``.
        NotFound: ``not-found`` naming every unknown participation.
    """
    purpose = purpose or work.actor.purpose
    if not purpose:
        raise Forbidden("purpose-missing", "State the purpose for which names are read.")
    covering(Attribute.NAMES, purpose, work.actor.roles, Extent.WHOLE)
    if with_identity_tail:
        covering(Attribute.IDENTITY_NUMBER, purpose, work.actor.roles, Extent.TAIL)
    persons = await work.readings.persons(participations)
    unknown = [str(id) for id in participations if id not in persons or persons[id].erased_at is not None]
    if unknown:
        raise NotFound("not-found", "There are no such participations.", ids=unknown)
    tails = {}
    if with_identity_tail:
        held = await work.people.items({person.id for person in persons.values()}, Attribute.IDENTITY_NUMBER)
        tails = {id: opened(work, person, held[person.id])[-4:] for id, person in persons.items()}
    result = []
    for id in participations:
        person = persons[id]
        record_read(work, person.id, id, Attribute.NAMES, Extent.WHOLE, purpose, "person.lookup")
        if with_identity_tail:
            record_read(work, person.id, id, Attribute.IDENTITY_NUMBER, Extent.TAIL, purpose)
        result.append(PersonName(id, person.name_zh, person.name_bo, person.name_latin, tails.get(id)))
    return result
