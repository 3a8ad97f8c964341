"""Routes of sessions and calls."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from selection.adapters.balancing.running import prepare
from selection.adapters.db import tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.applications import DecisionsOut
from selection.adapters.http.shapes.applying import Empty
from selection.adapters.http.shapes.balancing import RunOut
from selection.adapters.http.shapes.panels.deliberating import ClassificationsBody
from selection.adapters.http.shapes.setup import CallBody, CallOut, QuotaTreeBody, SessionBody, SessionOut
from selection.domain.programmes.call import Call
from selection.domain.programmes.programme import Session
from selection.usecases.deliberating.classify_candidates import classify_candidates
from selection.usecases.rostering.balance_session import balance_session
from selection.usecases.setup.open_call import close_call, open_call
from selection.usecases.setup.open_session import open_session
from selection.usecases.setup.requota_session import requota_session
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/selection", tags=["sessions"])
Do = Command[SelectionUnit]
Page = Annotated[PageParameters, Depends(page_parameters)]


@router.post("/sessions", response_model=SessionOut, status_code=201, responses=PROBLEMS)
async def post_session(body: SessionBody, do: Annotated[Do, Depends(command("session.open"))]) -> Response:
    """Open a session of a batch."""
    nodes = None if body.quota_nodes is None else [node.node() for node in body.quota_nodes]
    return await do.run(
        lambda work: open_session(work, body.programme, body.batch, body.session, body.planned_start, nodes),
        present=SessionOut.of, status=201, location=lambda session: f"/v1/selection/sessions/{session.id}",
    )  # fmt: skip


@router.get("/sessions", response_model=PageOf[SessionOut], responses=READ_PROBLEMS)
async def list_sessions(
    read: Annotated[Query, Depends(query("session.read"))],
    page: Page,
    programme: str | None = None,
    batch: str | None = None,
    session: str | None = None,
) -> Response:
    """Sessions, by programme, batch or code."""
    table = tables.session
    filters = {"programme": programme, "batch": batch, "session": session}
    statement = columns_of(Session, table)
    for name, value in filters.items():
        if value is not None:
            statement = statement.where(table.c[name] == value)
    return await read.page(
        statement, table, page, lambda row: SessionOut.of(thing_of(Session, table, row)), filters=filters
    )


@router.get("/sessions/{session_id}", response_model=SessionOut, responses=READ_PROBLEMS)
async def read_session(session_id: UUID, read: Annotated[Query, Depends(query("session.read"))]) -> Response:
    """One session with its quota tree."""
    table = tables.session
    row = await read.one(columns_of(Session, table).where(table.c.id == session_id))
    return read.answer(SessionOut.of(thing_of(Session, table, row)))


@router.put("/sessions/{session_id}/quota-tree", response_model=SessionOut, responses=PROBLEMS)
async def put_quota_tree(
    session_id: UUID, body: QuotaTreeBody, do: Annotated[Do, Depends(command("session.requota"))]
) -> Response:
    """Replace the quota tree; never below what is used."""
    nodes = [node.node() for node in body.nodes]
    return await do.run(lambda work: requota_session(work, session_id, nodes), present=SessionOut.of)


@router.post("/sessions/{session_id}/classifications", response_model=DecisionsOut, responses=PROBLEMS)
async def post_classifications(
    session_id: UUID, body: ClassificationsBody, do: Annotated[Do, Depends(command("session.classify"))]
) -> Response:
    """Give study directions to many candidates."""
    rows = [(row.application, row.study_direction) for row in body.items]
    return await do.run(lambda work: classify_candidates(work, session_id, rows), present=DecisionsOut.of)


@router.post("/sessions/{session_id}/balancing-runs", response_model=RunOut, status_code=201, responses=PROBLEMS)
async def post_balancing_run(
    session_id: UUID, body: Empty, do: Annotated[Do, Depends(command("session.balance"))]
) -> Response:
    """Propose the best roster under the quotas, with a reason for everybody."""
    del body
    prepared = await prepare(do.running, do.actor, session_id)
    return await do.run(
        lambda work: balance_session(work, session_id, prepared),
        present=RunOut.of, status=201, location=lambda run: f"/v1/selection/balancing-runs/{run.id}",
    )  # fmt: skip


@router.post("/calls", response_model=CallOut, status_code=201, responses=PROBLEMS)
async def post_call(body: CallBody, do: Annotated[Do, Depends(command("call.open"))]) -> Response:
    """Publish a call of a session."""
    return await do.run(
        lambda work: open_call(
            work, body.session, body.opens_at, body.closes_at, body.scope, body.required_steps, body.profile
        ),
        present=CallOut.of, status=201, location=lambda call: f"/v1/selection/calls/{call.id}",
    )  # fmt: skip


@router.get("/calls", response_model=PageOf[CallOut], responses=READ_PROBLEMS)
async def list_calls(
    read: Annotated[Query, Depends(query("call.read"))], page: Page, session: UUID | None = None
) -> Response:
    """Calls, of a session."""
    table = tables.call
    statement = columns_of(Call, table)
    if session is not None:
        statement = statement.where(table.c.session_id == session)
    return await read.page(
        statement, table, page, lambda row: CallOut.of(thing_of(Call, table, row), read.actor),
        filters={"session": session},
    )  # fmt: skip


@router.get("/calls/{call_id}", response_model=CallOut, responses=READ_PROBLEMS)
async def read_call(call_id: UUID, read: Annotated[Query, Depends(query("call.read"))]) -> Response:
    """One call."""
    row = await read.one(columns_of(Call, tables.call).where(tables.call.c.id == call_id))
    return read.answer(CallOut.of(thing_of(Call, tables.call, row), read.actor))


@router.post("/calls/{call_id}/close", response_model=CallOut, responses=PROBLEMS)
async def post_call_close(call_id: UUID, body: Empty, do: Annotated[Do, Depends(command("call.close"))]) -> Response:
    """Close a call before its window ends."""
    del body
    return await do.run(lambda work: close_call(work, call_id), present=CallOut.of)
