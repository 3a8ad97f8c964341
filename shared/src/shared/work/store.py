"""The store on PostgreSQL: loads with a row lock, remembers what it gave out, writes what changed in one statement."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, func, select, text

from shared.kernel.refusals import Conflict, NotFound
from shared.work.mapping import Mapping

if TYPE_CHECKING:
    from shared.work.unit import UnitOfWork

T = TypeVar("T")


class SqlStore(Generic[T]):
    """Implements ``shared.kernel.work.Store`` over one table."""

    def __init__(self, unit: UnitOfWork, mapping: Mapping[T]) -> None:
        self._unit = unit
        self._mapping = mapping
        self._known: dict[UUID, tuple[T, dict[str, Any]]] = {}
        self._new: dict[UUID, T] = {}

    async def get(self, id: UUID, *, target: bool = False) -> T:
        """See ``Store.get``."""
        if id not in self._new and id not in self._known:
            await self._load(self._mapping.table.c.id == id)
        thing = self._new.get(id) or self._held(id)
        if thing is None:
            raise self._missing([id])
        if target:
            self._unit.meet(cast(Any, thing).version)
        return thing

    async def get_many(self, ids: Iterable[UUID]) -> builtins.list[T]:
        """See ``Store.get_many``."""
        wanted = list(ids)
        unknown = sorted({id for id in wanted if id not in self._new and id not in self._known})
        if unknown:
            await self._load(self._mapping.table.c.id.in_(unknown))
        found = [self._new.get(id) or self._held(id) for id in wanted]
        missing = [id for id, thing in zip(wanted, found, strict=True) if thing is None]
        if missing:
            raise self._missing(missing)
        return cast("builtins.list[T]", found)

    async def find(self, **equal: Any) -> T | None:
        """See ``Store.find``."""
        await self.flush()
        things = await self._load(self._where(equal))
        if len(things) > 1:
            raise LookupError(f"{self._mapping.table.name}: {sorted(equal)} does not name one row")
        return things[0] if things else None

    async def list(self, *, order: str = "id", **equal: Any) -> builtins.list[T]:
        """See ``Store.list``."""
        await self.flush()
        return await self._load(self._where(equal), order=order)

    async def count(self, **equal: Any) -> int:
        """See ``Store.count``."""
        await self.flush()
        statement = select(func.count()).select_from(self._mapping.table).where(self._where(equal))
        return int((await self._unit.connection.execute(statement)).scalar_one())

    def add(self, thing: T) -> None:
        """See ``Store.add``."""
        self._new[cast(Any, thing).id] = thing

    async def flush(self) -> None:
        """Write new and changed things, one statement each.

        Raises:
            Conflict: ``lost-race`` when a row is no longer at the version it was loaded with, or the code that the
                service gives to a violated constraint.
        """
        mapping = self._mapping
        if self._new:
            rows = [mapping.row(thing) for thing in self._new.values()]
            columns = ", ".join(f'"{name}"' for name in mapping.names)
            await self._write(  # names come from the table's own definition
                f"INSERT INTO {mapping.table.name} ({columns}) SELECT {columns} "
                f"FROM jsonb_populate_recordset(NULL::{mapping.table.name}, CAST(:rows AS jsonb))",
                rows,
            )
            for thing, row in zip(self._new.values(), rows, strict=True):
                self._known[cast(Any, thing).id] = (thing, row)
            self._new = {}
        changed = []
        for id, (thing, before) in self._known.items():
            row = mapping.row(thing)
            if row != before:
                if mapping.versioned:
                    row["version"] += 1
                changed.append((id, thing, row))
        if not changed:
            return
        changed.sort(key=lambda change: change[0])
        assignments = ", ".join(f'"{name}" = v."{name}"' for name in mapping.names if name != "id")
        stamp = ", updated_at = now()" if "updated_at" in mapping.table.c else ""
        guard = " AND t.version = v.version - 1" if mapping.versioned else ""
        written = await self._write(
            f"UPDATE {mapping.table.name} t SET {assignments}{stamp} "
            f"FROM jsonb_populate_recordset(NULL::{mapping.table.name}, CAST(:rows AS jsonb)) v "
            f"WHERE t.id = v.id{guard}",
            [row for _, _, row in changed],
        )
        if written != len(changed):
            raise Conflict("lost-race", "Somebody else changed this at the same moment; read it again.")
        for id, thing, row in changed:
            if mapping.versioned:
                cast(Any, thing).version = row["version"]
            self._known[id] = (thing, row)

    def forget(self) -> None:
        """Let go of everything that was loaded; call only after ``flush``."""
        self._known = {}

    async def _write(self, statement: str, rows: builtins.list[dict[str, Any]]) -> int:
        result = await self._unit.connection.execute(text(statement), {"rows": orjson.dumps(rows).decode()})
        return int(cast(Any, result).rowcount)

    async def _load(self, where: ColumnElement[bool], order: str = "id") -> builtins.list[T]:
        table = self._mapping.table
        statement = select(*self._mapping.columns).where(where).order_by(table.c[order], table.c.id)
        # Rows that refer to this one may be written meanwhile: its key never changes, and waiting for it breaks the order.
        statement = statement.with_for_update(key_share=True)
        things = []
        for row in await self._unit.connection.execute(statement):
            loaded = self._mapping.thing(row)
            id = cast(Any, loaded).id
            if id not in self._known:
                self._known[id] = (loaded, self._mapping.row(loaded))
            things.append(self._known[id][0])
        return things

    def _held(self, id: UUID) -> T | None:
        entry = self._known.get(id)
        return entry[0] if entry else None

    def _where(self, equal: dict[str, Any]) -> ColumnElement[bool]:
        terms: builtins.list[ColumnElement[bool]] = []
        for name, value in equal.items():
            column = self._mapping.table.c[name]
            terms.append(
                column.in_(list(value)) if isinstance(value, (list, tuple, set, frozenset)) else column == value
            )
        return and_(True, *terms)

    def _missing(self, ids: builtins.list[UUID]) -> NotFound:
        return NotFound(
            "not-found", f"There is no such {self._mapping.table.name.replace('_', ' ')}.", ids=[str(id) for id in ids]
        )
