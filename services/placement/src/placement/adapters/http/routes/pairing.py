"""Objects of pairings, links and contributions over HTTP (W-08, W-11)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.pairing import (
    PairedObjectIn,
    PairedObjectOut,
    SecondmentContributionIn,
    SecondmentContributionOut,
    SecondmentLinkIn,
    SecondmentLinkOut,
)
from placement.adapters.http.scoping import PREFIX, filtered, visible
from placement.usecases.pairing.linking import link_object, record_contribution, register_object
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix=PREFIX, tags=["pairing"])
Page = Annotated[PageParameters, Depends(page_parameters)]
Do = Command[SqlPlacementWork]


@router.post("/paired-objects", status_code=201, response_model=PairedObjectOut, responses=PROBLEMS)
async def post_object(body: PairedObjectIn, do: Annotated[Do, Depends(command("paired-object.register"))]) -> Response:
    """Register a project, fund or technology of a pairing."""
    return await do.run(lambda work: register_object(work, body.text()), present=PairedObjectOut.of, status=201)


@router.get("/paired-objects", response_model=PageOf[PairedObjectOut], responses=READ_PROBLEMS)
async def list_objects(
    read: Annotated[Query, Depends(query("paired-object.read"))],
    page: Page,
    programme: str | None = None,
    scheme: str | None = None,
) -> Response:
    """Objects of pairings."""
    table = tables.paired_object
    found = filtered(select(table).where(read.scope.where({})), {table.c.programme: programme, table.c.scheme: scheme})
    return await read.page(
        found, table, page, lambda row: PairedObjectOut(**row._mapping),
        filters={"programme": programme, "scheme": scheme},
    )  # fmt: skip


@router.post("/placements/{participation}/links", status_code=201, response_model=SecondmentLinkOut, responses=PROBLEMS)
async def post_link(
    participation: UUID, body: SecondmentLinkIn, do: Annotated[Do, Depends(command("secondment-link.add"))]
) -> Response:
    """Let a secondment take part in an object of its own pairing."""
    return await do.run(
        lambda work: link_object(work, participation, body.object), present=SecondmentLinkOut.of, status=201
    )


@router.get("/secondment-links", response_model=PageOf[SecondmentLinkOut], responses=READ_PROBLEMS)
async def list_links(
    read: Annotated[Query, Depends(query("secondment-link.read"))], page: Page, participation: UUID | None = None
) -> Response:
    """Links of the secondments the caller may see."""
    table = tables.secondment_link
    found = filtered(visible(table, read.scope), {table.c.participation: participation})
    return await read.page(
        found, table, page, lambda row: SecondmentLinkOut(**row._mapping), filters={"participation": participation}
    )


@router.post(
    "/placements/{participation}/contributions",
    status_code=201,
    response_model=SecondmentContributionOut,
    responses=PROBLEMS,
)
async def post_contribution(
    participation: UUID, body: SecondmentContributionIn, do: Annotated[Do, Depends(command("contribution.record"))]
) -> Response:
    """Record what a seconded person did at the post."""
    return await do.run(
        lambda work: record_contribution(work, participation, body.text()),
        present=SecondmentContributionOut.of,
        status=201,
    )


@router.get("/contributions", response_model=PageOf[SecondmentContributionOut], responses=READ_PROBLEMS)
async def list_contributions(
    read: Annotated[Query, Depends(query("contribution.read"))],
    page: Page,
    participation: UUID | None = None,
    kind: str | None = None,
) -> Response:
    """Contributions of the secondments the caller may see."""
    table = tables.contribution
    found = filtered(visible(table, read.scope), {table.c.participation: participation, table.c.kind: kind})
    return await read.page(
        found, table, page, lambda row: SecondmentContributionOut(**row._mapping),
        filters={"participation": participation, "kind": kind},
    )  # fmt: skip
