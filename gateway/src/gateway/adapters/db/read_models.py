"""The read models on PostgreSQL: one writer at a time, so positions are dense and nothing commits out of order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.adapters.db.tables import SUMS, journey
from gateway.domain.fingerprint import content_hash, document, document_hash, restore
from gateway.domain.journey import MILESTONES, Journey
from gateway.domain.roster import Roster
from gateway.usecases.project import Arrival, Whereabouts

COLUMNS = [column.name for column in journey.columns if column.name != "updated_at"]


class SqlReadModels:
    """Implements ``ReadModels``.

    Args:
        connection: inside a transaction.
        schema: ``public``, or the schema that a rebuild writes to.
    """

    def __init__(self, connection: AsyncConnection, schema: str = "public") -> None:
        self._connection = connection
        self._schema = schema

    async def lock(self) -> int:
        """See ``ReadModels.lock``.

        The head's row is locked until the commit: who reads position n has every position below n.
        """
        head = await self._run("SELECT position FROM {s}.feed_head WHERE id = 1 FOR UPDATE")
        return int(head.scalar_one())

    async def append(self, first: int, placed: list[tuple[Arrival, Whereabouts]], found: Mapping[str, int]) -> None:
        """See ``ReadModels.append``."""
        rows = [
            {
                "position": position,
                "event_id": arrival.event_id,
                "source": arrival.source,
                "type": arrival.type,
                "subject": arrival.happening.subject,
                "aggregate": arrival.aggregate,
                "sequence": arrival.happening.sequence,
                "at": arrival.happening.at,
                "payload": arrival.happening.payload,
                **asdict(where),
                "reach": None if where.unit is None else position,
            }
            for position, (arrival, where) in enumerate(placed, first)
        ]
        await self._run(
            "INSERT INTO {s}.feed SELECT * FROM jsonb_populate_recordset(NULL::{s}.feed, CAST(:rows AS jsonb))",
            rows=rows,
        )
        if found:
            places = {where.participation: where for _, where in placed if where.unit is not None}
            await self._run(
                "UPDATE {s}.feed f SET reach = v.reach, unit = v.unit, programme = v.programme, session = v.session "
                "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) "
                "v(participation text, unit text, programme text, session text, reach bigint) "
                "WHERE f.participation = v.participation AND f.reach IS NULL",
                rows=[asdict(places[person]) | {"reach": position} for person, position in found.items()],
            )
        await self._run("UPDATE {s}.feed_head SET position = :last WHERE id = 1", last=first + len(rows) - 1)

    async def journeys(self, participations: Iterable[str]) -> dict[str, Journey]:
        """See ``ReadModels.journeys``."""
        found = await self._run(
            "SELECT document FROM {s}.journey WHERE id = ANY(CAST(:ids AS uuid[]))", ids=sorted(participations)
        )
        return {row.document["participation"]: restore(row.document) for row in found}

    async def rosters(self, ids: Iterable[str]) -> dict[str, Roster]:
        """See ``ReadModels.rosters``."""
        found = await self._run("SELECT * FROM {s}.roster WHERE id = ANY(CAST(:ids AS uuid[]))", ids=sorted(ids))
        return {str(row.id): Roster(**(dict(row._mapping) | {"id": str(row.id)})) for row in found}

    async def keep(self, journeys: list[Journey], rosters: list[Roster], position: int) -> None:
        """See ``ReadModels.keep``."""
        if journeys:
            await self._upsert("journey", COLUMNS, [_row(one, position) for one in journeys], stamped=True)
        if rosters:
            names = [field.name for field in fields(Roster)]
            await self._upsert("roster", names, [asdict(one) for one in rosters], stamped=False)

    async def _upsert(self, table: str, columns: list[str], rows: list[dict[str, Any]], *, stamped: bool) -> None:
        listed = ", ".join(columns)
        changes = [f"{name} = excluded.{name}" for name in columns if name != "id"]
        changes += ["updated_at = now()"] if stamped else []
        statement = (
            f"INSERT INTO {{s}}.{table} ({listed}) "  # noqa: S608 - names of our own tables and columns
            f"SELECT {listed} FROM jsonb_populate_recordset(NULL::{{s}}.{table}, CAST(:rows AS jsonb)) "
            f"ON CONFLICT (id) DO UPDATE SET {', '.join(changes)}"
        )
        await self._run(statement, rows=rows)

    async def _run(self, statement: str, rows: list[dict[str, Any]] | None = None, **values: Any) -> Any:
        if rows is not None:
            values["rows"] = orjson.dumps(rows).decode()
        return await self._connection.execute(text(statement.format(s=self._schema)), values)


def _row(one: Journey, position: int) -> dict[str, Any]:
    money = one.sections.get("money", {})
    return {
        "id": one.participation,
        "position": position,
        "stage": one.stage,
        "outcome": one.outcome,
        "prefecture": one.prefecture,
        "document": document(one),
        "content_hash": content_hash(one),
        "document_hash": document_hash(one),
        **{
            name: one.fact(name)
            for name in ("account", "programme", "batch", "session", "unit", "host", "host_province")
        },
        **{f"{name}_on": one.milestones.get(name) for name in MILESTONES},
        **{name: money.get(name, 0) for name in SUMS},
    }
