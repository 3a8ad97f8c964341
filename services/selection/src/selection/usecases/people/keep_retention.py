"""Run the retention schedule: what is due goes, what is held stays, every deletion is audited by id (PIPL 19, 47)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from selection.domain.people.register import RETENTION, SEPARATE_CONSENT, Attribute, days_of
from selection.usecases.people.erase_person import erase
from selection.usecases.people.ports import Due
from selection.usecases.ports import SelectionWork

BATCH = 200
_WHOLE_PERSON = frozenset({"unsuccessful-applicant", "core-record"})


async def retention_due(work: SelectionWork) -> list[Due]:
    """The dry run: who is due by which row today; nothing is changed."""
    return await work.people.due(work.today, {row.code: row.days for row in RETENTION})


async def keep_retention(work: SelectionWork) -> int:
    """Delete what is due, at most 200 people at a time.

    Returns:
        how many people and logs were dealt with.
    """
    due = _first_people(await retention_due(work), BATCH)
    persons = {person.id: person for person in await work.persons.get_many(sorted({each.person for each in due}))}
    done = 0
    for each in due:
        person = persons[each.person]
        if person.erased_at is not None:
            continue
        done += 1
        if each.rule in _WHOLE_PERSON:
            await erase(work, person, each.rule)
            continue
        gone = [Attribute.ETHNICITY] if each.rule == "composition-counted" else sorted(SEPARATE_CONSENT)
        await _end(work, person.id, gone)
        work.note("vault.retention", "person", str(person.id), rule=each.rule, attributes=[str(one) for one in gone])
    forgotten = await work.people.forget_reads(work.now - timedelta(days=days_of("read-log")))
    if forgotten:
        work.note("vault.retention", "read-log", "-", rule="read-log", count=forgotten)
    return done + forgotten


async def _end(work: SelectionWork, person: UUID, attributes: Sequence[Attribute]) -> None:
    await work.people.delete_items(person, attributes)
    for consent in await work.consents.list(person_id=person, attribute=[str(one) for one in attributes]):
        if consent.withdrawn_at is None:
            consent.withdraw(work.now)


class UnhurriedRetention:
    """The duty: keeps the schedule from its second turn on, an interval after the process started.

    Whoever starts a service on a restored backup or under a wrong clock has that long to read the dry run first.
    """

    def __init__(self) -> None:
        self._begun = False

    async def __call__(self, work: SelectionWork) -> int:
        """Keep the schedule, but not on the first turn."""
        begun, self._begun = self._begun, True
        return await keep_retention(work) if begun else 0


def _first_people(due: Sequence[Due], count: int) -> list[Due]:
    people = sorted({each.person for each in due})[:count]
    kept = set(people)
    return sorted((each for each in due if each.person in kept), key=lambda each: each.rule not in _WHOLE_PERSON)
