"""Reads without locks, for what many commands need and none of them changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from selection.adapters.db import tables
from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.applying.recommendation import Recommendation
from selection.domain.organisation import Organisation
from selection.domain.people.person import Person
from selection.domain.policy.parse import parse_policy
from selection.domain.policy.policy import Policy
from selection.domain.programmes.call import Call
from selection.domain.programmes.programme import Session
from shared.kernel.refusals import NotFound
from shared.work.mapping import Mapping


class Connected(Protocol):
    """Whatever reads on a connection: a unit of work or a query."""

    @property
    def connection(self) -> AsyncConnection:
        """The connection of the transaction."""
        ...


T = TypeVar("T")

_MAPPINGS: dict[type, Mapping[Any]] = {}
_POLICIES: dict[tuple[str, str, str], Policy] = {}
_POLICIES_KEPT = 32


class SqlReadings:
    """Implements ``selection.usecases.ports.Readings`` on the unit's connection."""

    def __init__(self, unit: Connected) -> None:
        self._unit = unit

    async def policy(self, programme: str, version: str) -> Policy:
        """See ``Readings.policy``; a version in use never changes, so it is read once per process and database."""
        key = (str(self._unit.connection.engine.url), programme, version)
        if key in _POLICIES:
            return _POLICIES[key]
        table = tables.registered_policy
        statement = select(table.c.resolved, table.c.used)
        where = and_(table.c.programme == programme, table.c.policy_version == version)
        row = (await self._unit.connection.execute(statement.where(where))).first()
        if row is None:
            raise NotFound("policy-not-found", "There is no such policy version.", policy_version=version)
        policy = parse_policy(row.resolved)
        if row.used:
            while len(_POLICIES) >= _POLICIES_KEPT:
                _POLICIES.pop(next(iter(_POLICIES)))
            _POLICIES[key] = policy
        return policy

    async def call(self, id: UUID) -> Call:
        """See ``Readings.call``."""
        return await self._one(Call, tables.call, tables.call.c.id == id, "call-not-found")

    async def session(self, id: UUID) -> Session:
        """See ``Readings.session``."""
        return await self._one(Session, tables.session, tables.session.c.id == id, "session-not-found")

    async def organisations(self, paths: Iterable[str]) -> dict[str, Organisation]:
        """See ``Readings.organisations``."""
        table = tables.organisation
        found = await read_all(self._unit.connection, Organisation, table, table.c.path.in_(list(paths)))
        return {each.path: each for each in found}

    async def applications(self, ids: Iterable[UUID]) -> list[Application]:
        """See ``Readings.applications``."""
        table = tables.application
        return await read_all(self._unit.connection, Application, table, table.c.id.in_(list(ids)))

    async def session_applications(self, session: UUID, states: Iterable[ApplicationState]) -> list[Application]:
        """See ``Readings.session_applications``."""
        table = tables.application
        where = and_(table.c.session_id == session, table.c.state.in_([str(state) for state in states]))
        return await read_all(self._unit.connection, Application, table, where)

    async def sessions_with_reserve(self) -> list[Session]:
        """See ``Readings.sessions_with_reserve``."""
        waiting = select(tables.application.c.session_id).where(tables.application.c.state == ApplicationState.RESERVE)
        return await read_all(self._unit.connection, Session, tables.session, tables.session.c.id.in_(waiting))

    async def held_places(self, session: UUID) -> list[str]:
        """See ``Readings.held_places``."""
        table = tables.seat
        statement = select(table.c.node).where(
            table.c.session_id == session,
            table.c.state == "reserved",
            table.c.participation.is_(None),
            table.c.unit.is_(None),
        )
        return list((await self._unit.connection.execute(statement)).scalars())

    async def seats_due(self, at: datetime) -> list[UUID]:
        """See ``Readings.seats_due``."""
        table = tables.seat
        statement = select(table.c.id).where(table.c.state == "reserved", table.c.expires_at <= at)
        return list((await self._unit.connection.execute(statement)).scalars())

    async def vacancies_pending(self) -> list[UUID]:
        """See ``Readings.vacancies_pending``."""
        table = tables.vacancy
        statement = select(table.c.id).where(table.c.state.in_(["offered", "vacant"])).order_by(table.c.id)
        return list((await self._unit.connection.execute(statement)).scalars())

    async def recommendations(self, applications: Iterable[Application]) -> dict[UUID, Recommendation]:
        """See ``Readings.recommendations``."""
        wanted = {(each.call_id, each.account, each.unit): each.id for each in applications}
        table = tables.recommendation
        where = and_(
            table.c.call_id.in_({call for call, _, _ in wanted}),
            table.c.account.in_({account for _, account, _ in wanted}),
        )
        found = await read_all(self._unit.connection, Recommendation, table, where)
        return {wanted[key]: each for each in found if (key := (each.call_id, each.account, each.unit)) in wanted}

    async def persons(self, participations: Iterable[UUID]) -> dict[UUID, Person]:
        """See ``Readings.persons``."""
        application, person = tables.application, tables.person
        pairs = await self._unit.connection.execute(
            select(application.c.id, application.c.person_id).where(application.c.id.in_(list(participations)))
        )
        owner = {row.id: row.person_id for row in pairs}
        people = await read_all(self._unit.connection, Person, person, person.c.id.in_(set(owner.values())))
        by_id = {each.id: each for each in people}
        return {participation: by_id[id] for participation, id in owner.items()}

    async def _one(self, kind: type[T], table: Table, where: ColumnElement[bool], code: str) -> T:
        found = await read_all(self._unit.connection, kind, table, where)
        if not found:
            raise NotFound(code, f"There is no such {table.name}.")
        return found[0]


def forget_policies() -> None:
    """Let go of what was read once per process, where a database begins anew under the same address (tests)."""
    _POLICIES.clear()


def mapping_of(kind: type[T], table: Table) -> Mapping[T]:
    """The mapping of a kind, made once."""
    if kind not in _MAPPINGS:
        _MAPPINGS[kind] = Mapping(kind, table)
    found: Mapping[T] = _MAPPINGS[kind]
    return found


async def read_all(connection: AsyncConnection, kind: type[T], table: Table, where: ColumnElement[bool]) -> list[T]:
    """Things of one kind by id, without lock and without tracking."""
    mapping = mapping_of(kind, table)
    rows = await connection.execute(select(*mapping.columns).where(where).order_by(table.c.id))
    return [mapping.thing(row) for row in rows]
