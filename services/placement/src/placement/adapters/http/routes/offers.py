"""Offers over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import NOTHING, NoMembers
from placement.adapters.http.schemas.hosts import OfferChange, OfferIn, OfferOut
from placement.adapters.http.scoping import PREFIX, filtered
from placement.usecases.offers.change_offer import change_offer, close_offer
from placement.usecases.offers.open_offer import open_offer
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix=f"{PREFIX}/offers", tags=["offers"])
table = tables.offer


@router.post("", status_code=201, response_model=OfferOut, responses=PROBLEMS)
async def post_offer(
    body: OfferIn, command: Annotated[Command[SqlPlacementWork], Depends(command("offer.open"))]
) -> Response:
    """Offer places in one session and specialty group (M-01)."""
    return await command.run(
        lambda work: open_offer(work, body.text()),
        present=OfferOut.of,
        status=201,
        location=lambda offer: f"{PREFIX}/offers/{offer.id}",
    )


@router.post("/{offer_id}/change", response_model=OfferOut, responses=PROBLEMS)
async def post_change(
    offer_id: UUID,
    body: OfferChange,
    command: Annotated[Command[SqlPlacementWork], Depends(command("offer.change"))],
) -> Response:
    """Offer more or fewer places, never fewer than are accepted."""
    specialties = None if body.specialties is None else list(body.specialties)
    priorities = None if body.priorities is None else [each.taken() for each in body.priorities]
    return await command.run(
        lambda work: change_offer(work, offer_id, body.capacity, specialties, priorities), present=OfferOut.of
    )


@router.post("/{offer_id}/close", response_model=OfferOut, responses=PROBLEMS)
async def post_close(
    offer_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("offer.close"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Take no further proposals."""
    return await command.run(lambda work: close_offer(work, offer_id), present=OfferOut.of)


@router.get("", response_model=PageOf[OfferOut], responses=READ_PROBLEMS)
async def list_offers(
    query: Annotated[Query, Depends(query("offer.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: str | None = None,
    host: str | None = None,
    state: str | None = None,
) -> Response:
    """Offers the caller may see."""
    statement = select(table).where(query.scope.where({Relation.HOST: table.c.host}))
    return await query.page(
        filtered(statement, {table.c.session: session, table.c.host: host, table.c.state: state}),
        table,
        page,
        lambda row: OfferOut.row(row, query.actor),
        filters={"session": session, "host": host, "state": state},
    )


@router.get("/{offer_id}", response_model=OfferOut, responses=READ_PROBLEMS)
async def read_offer(offer_id: UUID, query: Annotated[Query, Depends(query("offer.read"))]) -> Response:
    """One offer."""
    scope = query.scope.where({Relation.HOST: table.c.host})
    row = await query.one(select(table).where(scope, table.c.id == offer_id))
    return query.answer(OfferOut.row(row, query.actor))
