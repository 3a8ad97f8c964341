"""The cohort board as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import Field

from gateway.adapters.db.boards import read_board
from gateway.adapters.http.fresh import RESPONSES, FreshGuard, FreshQuery
from gateway.adapters.http.journeys import COLUMNS
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.http.resources import Resource
from shared.kernel.refusals import NotFound

router = APIRouter(prefix="/v1/boards", tags=["boards"], responses=READ_PROBLEMS | RESPONSES)

Code = Annotated[str, Path(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")]


class BoardGroup(Resource):
    """One prefecture or one host province: how many reached each milestone."""

    key: str
    total: int
    applied: int
    selected: int
    placed: int
    arrived: int
    ended: int
    assessed: int
    certified: int
    settled: int


class BoardMedian(Resource):
    """The median number of days from one milestone to the next, and over how many persons."""

    start: str = Field(alias="from")
    to: str
    days: float
    count: int


class BoardRoster(Resource):
    """A roster of the session and how far it is filed."""

    id: str
    edition: int
    state: str
    receipt: str | None
    selected_count: int | None
    reserve_count: int | None


class Board(Resource):
    """A cohort in numbers, over what the caller may see."""

    programme: str
    session: str
    as_of: datetime
    position: int = Field(description="position of the feed up to which this is counted")
    content_hash: str = Field(description="the same for every run of the same cohort")
    total: int
    reached: dict[str, int] = Field(description="how many reached each milestone")
    stages: dict[str, int] = Field(description="how many stand at each stage now")
    outcomes: dict[str, int]
    by_prefecture: list[BoardGroup]
    by_host_province: list[BoardGroup]
    money: dict[str, str] = Field(description="sums as decimal strings of yuan, and the currency")
    medians: list[BoardMedian]
    rosters: list[BoardRoster]


@router.get("/{programme}/{session}", response_model=Board)
async def read_cohort_board(
    programme: Code, session: Code, read: Annotated[FreshQuery, Depends(FreshGuard("board.read"))]
) -> Response:
    """The board of a session."""
    board = await board_of(read, programme, session)
    shown = Board(**board)
    body = shown.model_dump_json(by_alias=True)
    content = shown.model_dump_json(by_alias=True, exclude={"as_of", "position"}).encode()
    return read.told(Response(body, 200, {"cache-control": "no-store"}, "application/json"), content)


async def board_of(read: Query, programme: str, session: str) -> dict[str, Any]:
    """The board over what a query's caller may see. Raises ``NotFound`` when that is nothing."""
    board = await read_board(read.connection, programme, session, read.scope.where(COLUMNS))
    if board is None:
        raise NotFound("not-found", "There is no such thing, or you may not see it.")
    return board
