"""Reads and set-based deletions about people; see ``selection.usecases.people.ports``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import and_, delete, or_, select, text

from selection.adapters.db import people_tables, tables
from selection.adapters.db.people_statements import (
    ANONYMISE,
    DUE,
    EVERYTHING,
    HOLDS,
    PANEL_MEANS,
    ROSTER_TOLD,
    SELECTED,
)
from selection.adapters.db.readings import read_all
from selection.domain.appeals.decisions import RosterTold, SwapTold
from selection.domain.appeals.explanation import CriterionMean
from selection.domain.applying.application import Application
from selection.domain.people.composition import CompositionStatistic
from selection.domain.people.person import ERASED_BIRTH_DATE, Person
from selection.domain.people.register import Attribute
from selection.domain.people.vault_item import VaultItem
from selection.usecases.people.ports import Due

if TYPE_CHECKING:
    from selection.adapters.db.unit_of_work import SelectionUnit


class SqlPeople:
    """Implements ``selection.usecases.people.ports.People`` on the unit's connection."""

    def __init__(self, unit: SelectionUnit) -> None:
        self._unit = unit

    async def items(self, persons: Iterable[UUID], attribute: Attribute) -> dict[UUID, VaultItem]:
        """See ``People.items``."""
        table = people_tables.vault_item
        where = and_(table.c.person_id.in_(list(persons)), table.c.attribute == attribute.value)
        return {each.person_id: each for each in await read_all(self._unit.connection, VaultItem, table, where)}

    async def delete_items(self, person: UUID, attributes: Iterable[Attribute]) -> int:
        """See ``People.delete_items``."""
        await self._unit.flush()
        table = people_tables.vault_item
        named = [attribute.value for attribute in attributes]
        gone = await self._unit.connection.execute(
            delete(table).where(table.c.person_id == person, table.c.attribute.in_(named))
        )
        return int(gone.rowcount)

    async def persons(self, ids: Iterable[UUID]) -> list[Person]:
        """See ``People.persons``."""
        table = tables.person
        return await read_all(self._unit.connection, Person, table, table.c.id.in_(list(ids)))

    async def known_by_index(self, indexes: Iterable[bytes]) -> Person | None:
        """See ``People.known_by_index``."""
        table = tables.person
        where = table.c.identity_index.in_(list(indexes))
        return next(iter(await read_all(self._unit.connection, Person, table, where)), None)

    async def participations(self, person: UUID) -> list[Application]:
        """See ``People.participations``."""
        table = tables.application
        return await read_all(self._unit.connection, Application, table, table.c.person_id == person)

    async def selected_people(self, session: UUID) -> list[UUID]:
        """See ``People.selected_people``."""
        rows = await self._unit.connection.execute(text(SELECTED), {"session": session})
        return [row.person_id for row in rows]

    async def statistic(self, session: UUID) -> CompositionStatistic | None:
        """See ``People.statistic``."""
        table = people_tables.composition_statistic
        found = await read_all(self._unit.connection, CompositionStatistic, table, table.c.session_id == session)
        return next(iter(found), None)

    async def roster_told(self, session: UUID) -> RosterTold | None:
        """See ``People.roster_told``."""
        row = (await self._unit.connection.execute(text(ROSTER_TOLD), {"session": session})).first()
        if row is None:
            return None
        swaps = tuple(SwapTold(UUID(each["out"]), UUID(each["into"]), each["reason"]) for each in row.swaps)
        by = frozenset(row.officers) | {str(each["by"]) for each in row.swaps}
        return RosterTold(
            row.id, row.fixed_at, by, row.run_id, row.seed, row.input_sha256, row.places, row.candidates, swaps
        )

    async def left_at(self, application: UUID) -> datetime | None:
        """See ``People.left_at``."""
        table = tables.vacancy
        statement = select(table.c.vacated_at).where(table.c.participation == application)
        found: datetime | None = (await self._unit.connection.execute(statement)).scalar()
        return found

    async def panel_means(self, application: UUID) -> list[CriterionMean]:
        """See ``People.panel_means``."""
        rows = await self._unit.connection.execute(text(PANEL_MEANS), {"application": application})
        return [CriterionMean(row.criterion, row.mean, row.sheets) for row in rows]

    async def wrapped_otherwise(self, key_id: str, limit: int) -> list[UUID]:
        """See ``People.wrapped_otherwise``."""
        table = tables.person
        other = and_(table.c.wrapped_key.is_not(None), or_(table.c.key_id.is_(None), table.c.key_id != key_id))
        return list((await self._unit.connection.execute(select(table.c.id).where(other).limit(limit))).scalars())

    async def holds(self, person: UUID) -> list[str]:
        """See ``People.holds``."""
        rows = await self._unit.connection.execute(text(HOLDS), {"person": person})
        return [row.code for row in rows]

    async def due(self, today: date, rules: Mapping[str, int]) -> list[Due]:
        """See ``People.due``."""
        named = {code.replace("-", "_"): days for code, days in rules.items() if code != "read-log"}
        rows = await self._unit.connection.execute(text(DUE), {"today": today} | named)
        return [Due(row.rule, row.person) for row in rows]

    async def forget_reads(self, before: datetime) -> int:
        """See ``People.forget_reads``."""
        table = people_tables.vault_read
        gone = await self._unit.connection.execute(delete(table).where(table.c.read_at < before))
        return int(gone.rowcount)

    async def anonymise(self, person: UUID, account: str, placeholder: str) -> None:
        """See ``People.anonymise``."""
        await self._unit.flush()
        values = {"person": person, "account": account, "placeholder": placeholder, "birth": ERASED_BIRTH_DATE}
        for statement in ANONYMISE:
            await self._unit.connection.execute(text(statement), values)

    async def everything(self, person: Person) -> dict[str, list[dict[str, Any]]]:
        """See ``People.everything``."""
        values = {"person": person.id, "account": person.account}
        held = {}
        for kind, statement in EVERYTHING.items():
            rows = await self._unit.connection.execute(text(statement), values)
            held[kind] = [dict(row.row) for row in rows]
        return held
