"""The numbers behind statistics: newest editions of what was loaded, and journeys as they were at a moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from fractions import Fraction
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, cast, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.adapters.db.statistics_tables import observation_set
from gateway.adapters.db.tables import feed, feed_head, journey
from gateway.domain.fingerprint import restore
from gateway.domain.folding import fold
from gateway.domain.happening import Happening
from gateway.domain.journey import Journey
from gateway.domain.statistics.evaluating import Asked
from gateway.domain.statistics.measures import MEASURES, Tally
from gateway.domain.statistics.observing import Observed
from gateway.domain.statistics.quantity import Quantity, Unit
from shared.kernel.money import fen

MONEY_EVENTS = {"budget_approved": ("budget.approved", "amount"), "claims_paid": ("claim.paid", "amount")}
"""Measures that are read from events which do not belong to one participation."""
_ROWS = TypeAdapter(list[Observed])
_CHUNK = 1000


async def loaded(connection: AsyncConnection, programme: str | None, as_of: datetime) -> list[Any]:
    """The newest edition of every dataset as of a moment, of one programme or of all."""
    statement = (
        select(observation_set)
        .where(observation_set.c.loaded_at <= as_of)
        .order_by(observation_set.c.dataset, observation_set.c.edition.desc())
        .ext(distinct_on(observation_set.c.dataset))
    )
    if programme is not None:
        statement = statement.where(observation_set.c.programme == programme)
    return list((await connection.execute(statement)).all())


def rows_of(editions: list[Any]) -> list[Observed]:
    """The stated numbers of editions."""
    return [row for edition in editions for row in _ROWS.validate_python(edition.rows)]


async def head(connection: AsyncConnection) -> int:
    """Position of the feed up to which the journeys are known."""
    return int((await connection.execute(select(feed_head.c.position))).scalar_one())


def within(statement: Select[Any], asked: Asked) -> Select[Any]:
    """Only the journeys of the programme, batch and session that are asked for."""
    for name in ("programme", "batch", "session"):
        wanted = getattr(asked, name)
        if wanted is not None:
            statement = statement.where(journey.c[name] == wanted)
    return statement


async def journeys(
    connection: AsyncConnection, asked: Asked, scope: ColumnElement[bool], as_of: datetime | None
) -> AsyncIterator[Journey]:
    """The journeys that the caller may see, as they are, or folded again from the feed as they were at ``as_of``."""
    if as_of is None:
        statement = within(select(journey.c.document).where(scope), asked).order_by(journey.c.id)
        async with connection.stream(statement.execution_options(yield_per=_CHUNK)) as found:
            async for row in found:
                yield restore(row.document)
        return
    people = within(select(cast(journey.c.id, feed.c.subject.type)).where(scope), asked)
    statement = (
        select(feed)
        .where(feed.c.aggregate == "participation", feed.c.at <= as_of, feed.c.subject.in_(people))
        .order_by(feed.c.subject, feed.c.source, feed.c.sequence)
    )
    current: Journey | None = None
    async with connection.stream(statement.execution_options(yield_per=_CHUNK)) as found:
        async for row in found:
            if current is None or current.participation != row.subject:
                if current is not None:
                    yield current
                current = Journey(row.subject)
            fold(current, _happening(row))
    if current is not None:
        yield current


def _happening(row: Any) -> Happening:
    name = row.type.removeprefix("cn.talent.").partition(".")[2].rpartition(".v")[0]
    return Happening(row.source.strip("/"), name, row.subject, row.sequence, row.at, row.payload)


async def measured(
    connection: AsyncConnection, names: set[str], asked: Asked, scope: ColumnElement[bool], as_of: datetime | None
) -> dict[str, Quantity]:
    """Every measure asked for, taken in one reading of the journeys."""
    if not names:
        return {}
    tally = Tally.of({name for name in names if name in MEASURES})
    funds: set[str] = set()
    async for one in journeys(connection, asked, scope, as_of):
        tally.add(one)
        fund = one.sections.get("money", {}).get("fund")
        funds |= {fund} if fund else set()
    found = {
        name: Quantity(Fraction(value, 100 if MEASURES[name].unit is Unit.CNY else 1), MEASURES[name].unit)
        for name, value in tally
    }
    for name in names & MONEY_EVENTS.keys():
        found[name] = await _money(connection, name, asked, scope, funds, as_of)
    return found


async def _money(
    connection: AsyncConnection,
    name: str,
    asked: Asked,
    scope: ColumnElement[bool],
    funds: set[str],
    as_of: datetime | None,
) -> Quantity:
    """Budgets of the funds that pay for these journeys, or paid claims of these participations."""
    event, member = MONEY_EVENTS[name]
    statement = select(feed.c.payload).where(feed.c.type == f"cn.talent.funding.{event}.v1")
    if as_of is not None:
        statement = statement.where(feed.c.at <= as_of)
    if name == "claims_paid":
        people = within(select(cast(journey.c.id, feed.c.subject.type)).where(scope), asked)
        statement = statement.where(feed.c.payload["participation"].astext.in_(people))
    elif asked.session is not None:
        statement = statement.where(feed.c.payload["session"].astext == asked.session)
    total = 0
    for row in await connection.execute(statement):
        if "fund" not in row.payload or row.payload["fund"] in funds:
            total += fen(row.payload[member]["amount"])
    return Quantity(Fraction(total, 100), Unit.CNY)
