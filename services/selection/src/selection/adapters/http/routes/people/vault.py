"""Routes of the vault: the purpose register, openings for a purpose, compositions, holds, retention, keys."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import func, select

from selection.adapters.db import people_tables, tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.routes.people.persons import unkept
from selection.adapters.http.shapes.applying import Empty
from selection.adapters.http.shapes.people.vault import (
    CompositionOut,
    DuesOut,
    HoldBody,
    HoldOut,
    KeysOut,
    OpeningBody,
    OpeningsOut,
    RegisterOut,
    register_out,
)
from selection.domain.people.composition import CompositionStatistic
from selection.domain.people.register import Attribute
from selection.domain.people.rights import LegalHold
from selection.usecases.people.count_composition import count_composition
from selection.usecases.people.hold_person import place_hold, release_hold
from selection.usecases.people.keep_retention import retention_due
from selection.usecases.people.open_attribute import open_attribute
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/selection", tags=["vault"])
Do = Command[SelectionUnit]
Page = Annotated[PageParameters, Depends(page_parameters)]


@router.get("/purposes", response_model=RegisterOut, responses=READ_PROBLEMS)
async def read_register(read: Annotated[Query, Depends(query("register.read"))]) -> Response:
    """What is handled for which purpose, by whom, on which ground, for how long."""
    return read.answer(register_out())


@router.post("/vault/openings", response_model=OpeningsOut, responses=PROBLEMS)
async def post_opening(body: OpeningBody, do: Annotated[Do, Depends(command("vault.open"))]) -> Response:
    """Open one attribute of people for a purpose; each read is in the audit trail and in the person's log."""
    return await unkept(do).run(
        lambda work: open_attribute(work, body.participations, Attribute(body.attribute), body.purpose),
        present=OpeningsOut.of,
    )


@router.get("/vault/keys", response_model=KeysOut, responses=READ_PROBLEMS)
async def read_keys(read: Annotated[Query, Depends(query("vault.read"))]) -> Response:
    """How far a rotation of the service key has come; a key that wraps nobody may be dropped."""
    person = tables.person
    wrapped = select(func.coalesce(person.c.key_id, "unnamed"), func.count()).where(person.c.wrapped_key.is_not(None))
    rows = (await read.connection.execute(wrapped.group_by(person.c.key_id))).all()
    vault = read.running.extras["vault"]
    return read.answer(KeysOut(current=vault.key_id, wrapped={str(row[0]): int(row[1]) for row in rows}))


@router.post("/sessions/{session_id}/composition", response_model=CompositionOut, status_code=201, responses=PROBLEMS)
async def post_composition(
    session_id: UUID, body: Empty, do: Annotated[Do, Depends(command("session.compose"))]
) -> Response:
    """Count the composition of the session's fixed roster, once and for good."""
    del body
    return await do.run(
        lambda work: count_composition(work, session_id), present=CompositionOut.of, status=201,
        location=lambda thing: f"/v1/selection/sessions/{thing.session_id}/composition",
    )  # fmt: skip


@router.get("/sessions/{session_id}/composition", response_model=CompositionOut, responses=READ_PROBLEMS)
async def read_composition(session_id: UUID, read: Annotated[Query, Depends(query("composition.read"))]) -> Response:
    """The composition of a session, as it was counted; small counts suppressed."""
    table = people_tables.composition_statistic
    row = await read.one(columns_of(CompositionStatistic, table).where(table.c.session_id == session_id))
    return read.answer(CompositionOut.of(thing_of(CompositionStatistic, table, row), read.actor))


@router.post("/legal-holds", response_model=HoldOut, status_code=201, responses=PROBLEMS)
async def post_hold(body: HoldBody, do: Annotated[Do, Depends(command("hold.place"))]) -> Response:
    """Order that everything of a participation's person is kept."""
    return await do.run(
        lambda work: place_hold(work, body.participation, body.reason, body.document),
        present=HoldOut.of, status=201, location=lambda thing: f"/v1/selection/legal-holds/{thing.id}",
    )  # fmt: skip


@router.post("/legal-holds/{hold_id}/release", response_model=HoldOut, responses=PROBLEMS)
async def post_release(hold_id: UUID, body: Empty, do: Annotated[Do, Depends(command("hold.release"))]) -> Response:
    """Let a hold go."""
    del body
    return await do.run(lambda work: release_hold(work, hold_id), present=HoldOut.of)


@router.get("/legal-holds", response_model=PageOf[HoldOut], responses=READ_PROBLEMS)
async def list_holds(read: Annotated[Query, Depends(query("hold.read"))], page: Page) -> Response:
    """Legal holds, released ones too."""
    table = people_tables.legal_hold
    return await read.page(
        columns_of(LegalHold, table), table, page, lambda row: HoldOut.of(thing_of(LegalHold, table, row), read.actor)
    )


@router.get("/retention/due", response_model=DuesOut, responses=PROBLEMS)
async def read_due(do: Annotated[Do, Depends(command("retention.report"))]) -> Response:
    """The dry run of the retention schedule: who is due today by which row; ids only, nothing is changed."""
    return await do.run(retention_due, present=DuesOut.of)
