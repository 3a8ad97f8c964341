"""A query of a request: scoped by an object that cannot be left out, paged by keyset, complete by watermark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import Query as QueryParameter
from fastapi import Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Select, Table, and_, false, or_, text, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.http.cursors import binding
from shared.http.exact import Moment
from shared.http.resources import PageOf
from shared.kernel.actor import Actor, Relation
from shared.kernel.refusals import NotFound

if TYPE_CHECKING:
    from shared.http.running import Running

WATERMARK = text("SELECT coalesce(min(xact_start), now()) FROM pg_stat_activity WHERE datname = current_database()")
"""Start of the oldest transaction that may still commit; ``updated_at`` is the start of a row's transaction."""


class PageParameters(BaseModel):
    """The query parameters of every list."""

    model_config = ConfigDict(extra="ignore")

    limit: int = 50
    cursor: str | None = None
    updated_since: datetime | None = None


async def _page_parameters(
    limit: Annotated[int, QueryParameter(description="items a page, 1 to 100; other values are coerced")] = 50,
    cursor: Annotated[str | None, QueryParameter(max_length=2000)] = None,
    updated_since: Annotated[
        Moment | None, QueryParameter(description="only what changed since; use the watermark of the last visit")
    ] = None,
) -> PageParameters:
    return PageParameters(limit=max(1, min(limit, 100)), cursor=cursor, updated_since=updated_since)


page_parameters = _page_parameters


@dataclass(frozen=True, slots=True)
class Scope:
    """What the caller may see of a kind of thing, as a predicate that every query must take."""

    actor: Actor
    relations: frozenset[Relation]

    def where(self, columns: Mapping[Relation, ColumnElement[Any]]) -> ColumnElement[bool]:
        """The predicate.

        Args:
            columns: for each relation that the table can express the column that holds the facet; for ``ASSIGNED`` a
                boolean expression. A relation that is not given lets nothing through.
        """
        terms: list[ColumnElement[bool]] = []
        for relation in self.relations:
            if relation is Relation.ANY:
                return true()
            if relation in columns:
                terms.append(self._term(relation, columns[relation]))
        return or_(false(), *terms)

    def _term(self, relation: Relation, column: ColumnElement[Any]) -> ColumnElement[bool]:
        match relation:
            case Relation.SELF:
                return column == self.actor.subject
            case Relation.ASSIGNED:
                return column
            case Relation.DESCENDANT:
                own = self.actor.organisation
                below = or_(column == own, column.startswith(own + "/", autoescape=True))
                return below if own else false()
            case _:
                return column == self.actor.organisation if self.actor.organisation else false()


class Query:
    """A reading request whose caller is known and admitted."""

    def __init__(
        self,
        connection: AsyncConnection,
        actor: Actor,
        relations: frozenset[Relation],
        running: Running[Any],
        action: str,
        if_none_match: str | None,
    ) -> None:
        self.connection = connection
        self.actor = actor
        self.scope = Scope(actor, relations)
        self.running = running
        self.action = action
        self.if_none_match = if_none_match

    async def one(self, statement: Select[Any]) -> Any:
        """The one row. Raises ``NotFound`` when there is none the caller may see."""
        row = (await self.connection.execute(statement)).first()
        if row is None:
            raise NotFound("not-found", "There is no such thing, or you may not see it.")
        return row

    async def all(self, statement: Select[Any]) -> list[Any]:
        """All rows; for lists that are small by nature."""
        return list((await self.connection.execute(statement)).all())

    def answer(self, shown: BaseModel) -> Response:
        """The representation with its ETag; 304 when the caller has it already."""
        version = getattr(shown, "version", None)
        headers = {"cache-control": "no-store"}
        if version is not None:
            headers["etag"] = f'"v{version}"'
            if self.if_none_match == headers["etag"]:
                return Response(status_code=304, headers=headers)
        return Response(shown.model_dump_json(), 200, headers, "application/json")

    async def page(
        self,
        statement: Select[Any],
        table: Table,
        page: PageParameters,
        present: Callable[[Any], BaseModel],
        *,
        filters: Mapping[str, Any] | None = None,
    ) -> Response:
        """A keyset page over ``table`` (columns ``id``, ``updated_at``), which ``statement`` selects among others.

        Ordered by id, or by (updated_at, id) when the caller asks for what changed since.
        """
        since = page.updated_since
        bound = binding(self.action, dict(filters or {}) | {"since": since, "sub": self.actor.subject})
        watermark = (await self.connection.execute(WATERMARK)).scalar_one()
        keys = [table.c.id] if since is None else [table.c.updated_at, table.c.id]
        terms: list[ColumnElement[bool]] = [] if since is None else [table.c.updated_at >= since]
        if page.cursor is not None:
            position = self.running.cursors.read(bound, page.cursor)
            values = [UUID(position[-1])] if since is None else [datetime.fromisoformat(position[0]), UUID(position[1])]
            terms.append(tuple_(*keys) > tuple_(*values))
        limited = statement.add_columns(*[key.label(f"_key{n}") for n, key in enumerate(keys)])
        limited = limited.where(and_(true(), *terms)).order_by(*keys).limit(page.limit + 1)
        rows = (await self.connection.execute(limited)).all()
        following = None
        if len(rows) > page.limit:
            last = rows[page.limit - 1]
            following = self.running.cursors.make(bound, [_text(value) for value in last[-len(keys) :]])
        shown = PageOf[Any](
            items=[present(row) for row in rows[: page.limit]], next_cursor=following, watermark=watermark
        )
        return Response(shown.model_dump_json(), 200, {"cache-control": "no-store"}, "application/json")


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
