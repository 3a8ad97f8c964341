"""The registers of hosts and mentors over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy import select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import Items
from placement.adapters.http.schemas.hosts import CountsOut, HostIn, HostOut, MentorIn, MentorOut
from placement.adapters.http.scoping import PREFIX, filtered
from placement.usecases.hosts.register_hosts import register_hosts
from placement.usecases.hosts.register_mentors import register_mentors
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix=PREFIX, tags=["hosts"])
HostCode = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$")]


@router.put("/hosts", response_model=CountsOut, responses=PROBLEMS)
async def put_hosts(
    body: Items[HostIn], command: Annotated[Command[SqlPlacementWork], Depends(command("host.register"))]
) -> Response:
    """Create or update hosts by code; what is not named stays."""
    entries = [item.entry() for item in body.items]
    return await command.run(lambda work: register_hosts(work, entries), present=CountsOut.of)


@router.get("/hosts", response_model=PageOf[HostOut], responses=READ_PROBLEMS)
async def list_hosts(
    query: Annotated[Query, Depends(query("host.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    province: str | None = None,
    type: str | None = None,
) -> Response:
    """The register of hosts."""
    table = tables.host
    statement = filtered(select(table), {table.c.province: province, table.c.type: type})
    return await query.page(
        statement,
        table,
        page,
        lambda row: HostOut.row(row, query.actor),
        filters={"province": province, "type": type},
    )


@router.get("/hosts/{code}", response_model=HostOut, responses=READ_PROBLEMS)
async def read_host(code: HostCode, query: Annotated[Query, Depends(query("host.read"))]) -> Response:
    """One host."""
    row = await query.one(select(tables.host).where(tables.host.c.code == code))
    return query.answer(HostOut.row(row, query.actor))


@router.put("/hosts/{code}/mentors", response_model=CountsOut, responses=PROBLEMS)
async def put_mentors(
    code: HostCode,
    body: Items[MentorIn],
    command: Annotated[Command[SqlPlacementWork], Depends(command("mentor.register"))],
) -> Response:
    """Create or update mentors of the host by account."""
    entries = [item.entry() for item in body.items]
    return await command.run(lambda work: register_mentors(work, code, entries), present=CountsOut.of)


@router.get("/hosts/{code}/mentors", response_model=PageOf[MentorOut], responses=READ_PROBLEMS)
async def list_mentors(
    code: HostCode,
    query: Annotated[Query, Depends(query("mentor.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
) -> Response:
    """The host's register of mentors."""
    table = tables.mentor
    scope = query.scope.where({Relation.HOST: table.c.host})
    statement = select(table).where(scope, table.c.host == f"hosts/{code}")
    return await query.page(statement, table, page, lambda row: MentorOut(**row._mapping), filters={"host": code})
