"""Who read personal data for what: the entries of the trail that are such reads, for auditors and the person (domain.md 7.3).

A service says which entries are reads and whose they are, as selects over ``audit`` with the columns ``COLUMNS``; the
route, its order, its pages and who sees what are the same everywhere. Ids and codes only: no value that was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from pydantic import Field
from sqlalchemy import ColumnElement, FromClause, Select, and_, cast, func, literal, null, select, tuple_, union_all
from sqlalchemy import Integer as Whole
from sqlalchemy import Text as Words
from sqlalchemy import Uuid as Id

from shared.http.cursors import binding
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import WATERMARK, PageParameters, Query, page_parameters
from shared.http.resources import Resource
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

COLUMNS: Final = (
    "position", "nth", "at", "read_at", "account", "participation", "session", "fields", "extent", "purpose", "reader",
    "reader_organisation", "reader_roles",
)  # fmt: skip
"""What a select of reads must name; ``position`` and ``nth`` are the entry and the person's place in it."""

RULES: Final = [
    Rule("personal-read.read", {Role.AUDITOR, Role.OPERATOR}),
    Rule("personal-read.read", {Role.APPLICANT}, Relation.SELF),
]
"""The rows of every policy table whose service keeps such a log."""

Code = Annotated[str | None, QueryParameter(max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]


class PersonalRead(Resource):
    """One read of one person's data: who, what class of fields, for what, when; never the value."""

    id: str = Field(description="entry of the audit trail and the person's place in it")
    person: str = Field(description="account id of the person concerned")
    participation: UUID | None
    session: str | None
    fields: str = Field(description="class of the fields that were read")
    extent: str = Field(description="`whole`, `tail` or `aggregate`")
    purpose: str | None
    reader: str = Field(description="account id of the reader, or `service:…` and `system:…`")
    reader_organisation: str
    reader_roles: list[str]
    read_at: datetime = Field(description="business time of the read")
    recorded_at: datetime = Field(description="when the entry was written; the list is in this order")
    cursor: str = Field(description="goes on after this entry")


class PersonalReadPage(Resource):
    """A page of the log, oldest first."""

    items: list[PersonalRead]
    next_cursor: str | None = None
    watermark: datetime


def reads_of(
    audit: FromClause,
    actions: Sequence[str],
    source: FromClause,
    *,
    account: ColumnElement[Any],
    participation: ColumnElement[Any] | None = None,
    session: ColumnElement[Any] | None = None,
    fields: ColumnElement[Any] | str,
    extent: ColumnElement[Any] | str = "whole",
    purpose: str | None = None,
    nth: ColumnElement[Any] | None = None,
    where: ColumnElement[bool] | None = None,
) -> Select[Any]:
    """A select of reads: the done entries of ``actions``; an entry may name in its details for whom the service read.

    Args:
        audit: the table of entries.
        actions: of the entries that are such reads.
        source: ``audit`` joined to what tells whose data it was.
        account: of the person concerned.
        participation: through which it was read, where it was.
        session: of the participation.
        fields: column or code of the class of fields.
        extent: column or code of how much of a value.
        purpose: what counts where neither the entry nor the reader's token says one.
        nth: the person's place in an entry that tells of several.
        where: which of the entries.
    """
    details = audit.c.details
    said = [details["purpose"].astext, audit.c.purpose]
    stated = _first(*said) if purpose is None else _first(*said, literal(purpose, Words))
    shown = (
        audit.c.id.label("position"),
        cast(nth if nth is not None else literal(0), Whole).label("nth"),
        audit.c.at,
        audit.c.business_at.label("read_at"),
        account.label("account"),
        (cast(null(), Id) if participation is None else participation).label("participation"),
        (cast(null(), Words) if session is None else session).label("session"),
        (literal(fields, Words) if isinstance(fields, str) else fields).label("fields"),
        (literal(extent, Words) if isinstance(extent, str) else extent).label("extent"),
        stated.label("purpose"),
        func.coalesce(details["reader"].astext, audit.c.subject).label("reader"),
        func.coalesce(details["reader_organisation"].astext, audit.c.organisation).label("reader_organisation"),
        func.coalesce(details["reader_roles"], audit.c.roles).label("reader_roles"),
    )
    done = and_(audit.c.action.in_(actions), audit.c.outcome == "done")
    found = select(*shown).select_from(source).where(done)
    return found if where is None else found.where(where)


def reads_router(service: str, selects: Sequence[Select[Any]]) -> APIRouter:
    """``GET /v1/<service>/personal-reads``; the policy table of the service needs ``RULES``."""
    router = APIRouter(prefix=f"/v1/{service}/personal-reads", tags=["audit"], responses=READ_PROBLEMS)
    reads = union_all(*selects).subquery("reads")

    @router.get("", response_model=PersonalReadPage)
    async def list_personal_reads(
        read: Annotated[Query, Depends(query("personal-read.read"))],
        page: Annotated[PageParameters, Depends(page_parameters)],
        person: Code = None,
        participation: UUID | None = None,
        purpose: Code = None,
        session: Code = None,
    ) -> Response:
        """Who read whose data here, for what; auditors see all, a person what was read of the person."""
        given = {"account": person, "participation": participation, "purpose": purpose, "session": session}
        since = page.updated_since
        bound = binding("personal-reads", given | {"since": since, "sub": read.actor.subject})
        terms = [reads.c[name] == value for name, value in given.items() if value is not None]
        terms.append(read.scope.where({Relation.SELF: reads.c.account}))
        keys = (reads.c.at, reads.c.position, reads.c.nth)
        if since is not None:
            terms.append(reads.c.at >= since)
        if page.cursor is not None:
            at, position, nth = read.running.cursors.read(bound, page.cursor)
            terms.append(tuple_(*keys) > tuple_(datetime.fromisoformat(at), position, nth))
        watermark = (await read.connection.execute(WATERMARK)).scalar_one()
        statement = select(reads).where(*terms).order_by(*keys).limit(page.limit + 1)
        rows = await read.all(statement)
        items = [
            _shown(row, read.running.cursors.make(bound, [row.at.isoformat(), row.position, row.nth]))
            for row in rows[: page.limit]
        ]
        following = items[-1].cursor if len(rows) > page.limit else None
        return read.answer(PersonalReadPage(items=items, next_cursor=following, watermark=watermark))

    return router


def _shown(row: Any, cursor: str) -> PersonalRead:
    return PersonalRead(
        id=f"{row.position}.{row.nth}", person=row.account, participation=row.participation, session=row.session,
        fields=row.fields, extent=row.extent, purpose=row.purpose, reader=row.reader,
        reader_organisation=row.reader_organisation, reader_roles=row.reader_roles, read_at=row.read_at,
        recorded_at=row.at, cursor=cursor,
    )  # fmt: skip


def _first(*values: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(*(func.nullif(value, "") for value in values))
