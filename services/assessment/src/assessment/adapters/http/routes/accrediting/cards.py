"""Routes of talent cards, their use and their catalogue (T-03)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from sqlalchemy import distinct, extract, func, select

from assessment.adapters.db.unit_of_work import CARD_USES, CARDS, POLICIES, AssessmentWork
from assessment.adapters.http.lists import rows_of, thing_of, updated_at, visible
from assessment.adapters.http.shapes.accrediting.cards import (
    CardCheckBody,
    CardCheckOut,
    CardOut,
    CardReasonBody,
    CardServiceCount,
    CardStatisticOut,
    CardUseBody,
    CardUseOut,
    CatalogueOut,
)
from assessment.adapters.http.shapes.bodies import Nothing
from assessment.domain.accrediting.card import CardState
from assessment.domain.accrediting.rule import read_accreditation
from assessment.usecases.accrediting import keep_cards
from assessment.usecases.accrediting.use_service import check_card, use_service
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.refusals import NotFound

router = APIRouter(prefix="/v1/assessment", tags=["talent-cards"])
Do = Command[AssessmentWork]
Filter = Annotated[str | None, QueryParameter(max_length=120)]
WITHHELD_BELOW = 10


@router.get("/cards", response_model=PageOf[CardOut], responses=READ_PROBLEMS)
async def list_cards(
    read: Annotated[Query, Depends(query("card.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    programme: Filter = None,
    tier: Filter = None,
    state: CardState | None = None,
) -> Response:
    """Talent cards the caller may see."""
    filters = {"programme": programme, "tier": tier, "state": state}

    def present(row: Any) -> CardOut:
        return CardOut.of(thing_of(CARDS, row), read.actor, updated_at(CARDS, row))

    found = rows_of(CARDS, visible(read, CARDS.table), filters)
    return await read.page(found, CARDS.table, page, present, filters=filters)


@router.get("/cards/{card_id}", response_model=CardOut, responses=READ_PROBLEMS)
async def read_card(card_id: UUID, read: Annotated[Query, Depends(query("card.read"))]) -> Response:
    """One card."""
    row = await read.one(rows_of(CARDS, visible(read, CARDS.table), {"id": card_id}))
    return read.answer(CardOut.of(thing_of(CARDS, row), read.actor, updated_at(CARDS, row)))


@router.get("/cards/{card_id}/uses", response_model=PageOf[CardUseOut], responses=READ_PROBLEMS)
async def list_uses(
    card_id: UUID,
    read: Annotated[Query, Depends(query("card.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
) -> Response:
    """What a card was used for."""
    filters = {"card": card_id}
    found = rows_of(CARD_USES, visible(read, CARD_USES.table), filters)
    return await read.page(
        found, CARD_USES.table, page, lambda row: CardUseOut.of(thing_of(CARD_USES, row), read.actor), filters=filters
    )


@router.post("/cards/{card_id}/suspend", response_model=CardOut, responses=PROBLEMS)
async def suspend(card_id: UUID, body: CardReasonBody, do: Annotated[Do, Depends(command("card.suspend"))]) -> Response:
    """Let a card not be served for now."""
    return await do.run(lambda work: keep_cards.suspend(work, card_id, body.reason), present=CardOut.of)


@router.post("/cards/{card_id}/reinstate", response_model=CardOut, responses=PROBLEMS)
async def reinstate(card_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("card.reinstate"))]) -> Response:
    """Let a suspended card be served again."""
    del body
    return await do.run(lambda work: keep_cards.reinstate(work, card_id), present=CardOut.of)


@router.post("/cards/{card_id}/renew", response_model=CardOut, responses=PROBLEMS)
async def renew(card_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("card.renew"))]) -> Response:
    """Extend a card by the years of its tier."""
    del body
    return await do.run(lambda work: keep_cards.renew(work, card_id), present=CardOut.of)


@router.post("/card-checks", response_model=CardCheckOut, responses=PROBLEMS)
async def post_check(body: CardCheckBody, do: Annotated[Do, Depends(command("card.check"))]) -> Response:
    """What a card includes today, for a provider."""
    return await do.run(lambda work: check_card(work, body.number), present=CardCheckOut.of)


@router.post("/card-uses", response_model=CardUseOut, status_code=201, responses=PROBLEMS)
async def post_use(body: CardUseBody, do: Annotated[Do, Depends(command("card.use"))]) -> Response:
    """Record one use; above the allowance of the year, or under a receipt used before, it is refused."""
    return await do.run(
        lambda work: use_service(work, body.number, body.service, body.receipt, body.used_on),
        present=CardUseOut.of,
        status=201,
    )


@router.get("/card-catalogues/{programme}/{version}", response_model=CatalogueOut, responses=READ_PROBLEMS)
async def read_catalogue(
    programme: str, version: str, read: Annotated[Query, Depends(query("catalogue.read"))]
) -> Response:
    """The services that cards include, by area and tier."""
    table = POLICIES.table
    row = await read.one(
        select(*POLICIES.columns).where(table.c.programme == programme, table.c.policy_version == version)
    )
    policy = POLICIES.thing(row)
    if not policy.accredits:
        raise NotFound("not-found", "There is no such thing, or you may not see it.")
    return read.answer(CatalogueOut.of(read_accreditation(policy.effective)))


@router.get("/card-statistics", response_model=CardStatisticOut, responses=READ_PROBLEMS)
async def read_statistics(
    read: Annotated[Query, Depends(query("card-statistic.read"))],
    programme: Annotated[str, QueryParameter(max_length=120)],
    year: Annotated[int, QueryParameter(ge=2000, le=2200)],
) -> Response:
    """Cards by tier and uses by service of a calendar year; small cells are withheld."""
    cards, uses = CARDS.table, CARD_USES.table
    tiers = await read.all(
        select(cards.c.tier, func.count().label("cards"))
        .where(cards.c.programme == programme, cards.c.state == CardState.ACTIVE)
        .group_by(cards.c.tier)
        .order_by(cards.c.tier)
    )
    counted = await read.all(
        select(
            uses.c.area, uses.c.service, func.count().label("uses"), func.count(distinct(uses.c.card)).label("cards")
        )
        .where(uses.c.programme == programme, extract("year", uses.c.used_on) == year)
        .group_by(uses.c.area, uses.c.service)
        .order_by(uses.c.area, uses.c.service)
    )
    services = [
        CardServiceCount(
            area=row.area, service=row.service, uses=row.uses if row.cards >= WITHHELD_BELOW else None,
            cards=_shown(row.cards),
        )
        for row in counted
    ]  # fmt: skip
    return read.answer(
        CardStatisticOut(
            programme=programme, year=year, as_of=read.running.clock.now(), withheld_below=WITHHELD_BELOW,
            cards={row.tier: _shown(row.cards) for row in tiers}, services=services,
        )
    )  # fmt: skip


def _shown(count: int) -> int | None:
    return count if count >= WITHHELD_BELOW else None
