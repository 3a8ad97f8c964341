"""The numbers behind statistics: newest editions of what was loaded, and journeys as they were at a moment."""

from __future__ import annotations

from collections import Counter
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
from gateway.adapters.statistics.happenings import HAPPENINGS, Known, happened
from gateway.domain.fingerprint import restore
from gateway.domain.folding import fold
from gateway.domain.happening import Happening
from gateway.domain.journey import Journey
from gateway.domain.statistics.evaluating import Asked
from gateway.domain.statistics.formulas import total
from gateway.domain.statistics.measures import MEASURES, PARTS, Tally
from gateway.domain.statistics.observing import Observed
from gateway.domain.statistics.quantity import Quantity, Unit

PAID_OUT = ("disbursed", "claims_paid")
"""What ``paid_out`` adds up."""
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
    wanted = names | (set(PAID_OUT) if "paid_out" in names else set())
    tally, known = await _tallied(connection, {name for name in wanted if name in MEASURES}, asked, scope, as_of)
    found = {
        name: Quantity(Fraction(value, 100 if MEASURES[name].unit is Unit.CNY else 1), MEASURES[name].unit)
        for name, value in tally
    }
    for name in wanted & HAPPENINGS.keys():
        found[name], _ = await happened(connection, name, asked, scope, known, as_of)
    if "paid_out" in names:
        found["paid_out"] = total({"value": [found[name] for name in PAID_OUT]})
    return found


async def parted(
    connection: AsyncConnection,
    measure: str,
    by: str,
    asked: Asked,
    scope: ColumnElement[bool],
    as_of: datetime | None,
) -> dict[str, Fraction]:
    """A measure of things or money by a dimension of its own, not of the journeys."""
    if measure in HAPPENINGS:
        _, known = await _tallied(connection, set(), asked, scope, as_of)
        _, parts = await happened(connection, measure, asked, scope, known, as_of, by)
        return parts
    counted = Counter[str]()
    async for one in journeys(connection, asked, scope, as_of):
        counted.update(PARTS[measure, by](one))
    return {key: Fraction(number) for key, number in counted.items()}


async def _tallied(
    connection: AsyncConnection, names: set[str], asked: Asked, scope: ColumnElement[bool], as_of: datetime | None
) -> tuple[Tally, Known]:
    """The measures of journeys, and the funds and hosts that the journeys name."""
    tally, known = Tally.of(names), Known(set(), set())
    async for one in journeys(connection, asked, scope, as_of):
        tally.add(one)
        for value, things in (
            (one.sections.get("money", {}).get("fund"), known.funds),
            (one.fact("host"), known.hosts),
        ):
            if value:
                things.add(value)
    return tally, known
