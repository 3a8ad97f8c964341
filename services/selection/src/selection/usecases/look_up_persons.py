"""Give other services the names they must print; purpose stated, every read audited (domain.md 7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

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
        Forbidden: ``purpose-missing``.
        NotFound: ``not-found`` naming every unknown participation.
    """
    purpose = purpose or work.actor.purpose
    if not purpose:
        raise Forbidden("purpose-missing", "State the purpose for which names are read.")
    persons = await work.readings.persons(participations)
    unknown = [str(id) for id in participations if id not in persons]
    if unknown:
        raise NotFound("not-found", "There are no such participations.", ids=unknown)
    result = []
    for id in participations:
        person = persons[id]
        tail = None
        if with_identity_tail:
            place = f"person|identity_sealed|{person.id}"
            tail = work.vault.open(person.wrapped_key, str(person.id), place, person.identity_sealed)[-4:]
        work.note("person.lookup", "participation", str(id), purpose=purpose, identity_tail=with_identity_tail)
        result.append(PersonName(id, person.name_zh, person.name_bo, person.name_latin, tail))
    return result
