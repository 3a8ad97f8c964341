"""Routes of recommendations and the local review."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from selection.adapters.db import tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.applications import DecisionsOut, RecommendationOut, RecommendationsOut
from selection.adapters.http.shapes.applying import OpinionsBody, ReasonBody, ReviewsBody
from selection.domain.applying.recommendation import Recommendation
from selection.usecases.applying.recommend import Opinion, recommend, withdraw_recommendation
from selection.usecases.applying.review_applications import Review, review_applications
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/selection", tags=["recommendation and review"])
Do = Command[SelectionUnit]


@router.post("/recommendations", response_model=RecommendationsOut, responses=PROBLEMS)
async def post_recommendations(
    body: OpinionsBody, do: Annotated[Do, Depends(command("application.recommend"))]
) -> Response:
    """Recommend or decline to, for people of the caller's unit, before or after they apply."""
    opinions = [Opinion(**row.model_dump()) for row in body.items]
    return await do.run(lambda work: recommend(work, opinions), present=RecommendationsOut.of)


@router.get("/recommendations", response_model=PageOf[RecommendationOut], responses=READ_PROBLEMS)
async def list_recommendations(
    read: Annotated[Query, Depends(query("recommendation.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    call: UUID | None = None,
) -> Response:
    """Recommendations the caller may see."""
    table = tables.recommendation
    visible = read.scope.where({Relation.SELF: table.c.account, Relation.OWN_UNIT: table.c.unit})
    statement = columns_of(Recommendation, table).where(visible)
    if call is not None:
        statement = statement.where(table.c.call_id == call)
    return await read.page(
        statement, table, page, lambda row: RecommendationOut.of(thing_of(Recommendation, table, row), read.actor),
        filters={"call": call},
    )  # fmt: skip


@router.post("/recommendations/{recommendation_id}/withdraw", response_model=RecommendationOut, responses=PROBLEMS)
async def post_recommendation_withdrawal(
    recommendation_id: UUID, body: ReasonBody, do: Annotated[Do, Depends(command("recommendation.withdraw"))]
) -> Response:
    """Take a recommendation back."""
    return await do.run(
        lambda work: withdraw_recommendation(work, recommendation_id, body.reason), present=RecommendationOut.of
    )


@router.post("/reviews", response_model=DecisionsOut, responses=PROBLEMS)
async def post_reviews(body: ReviewsBody, do: Annotated[Do, Depends(command("application.review"))]) -> Response:
    """Decide on many applications of the caller's authority."""
    reviews = [Review(**row.model_dump()) for row in body.items]
    return await do.run(lambda work: review_applications(work, reviews), present=DecisionsOut.of)
