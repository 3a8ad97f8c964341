"""How outcome statistics are shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from assessment.domain.returning.outcomes import Cell
from shared.http.resources import Resource


class OutcomeCellOut(Resource):
    """A figure; withheld where it would single persons out.

    ``share`` is for persons percent (of the trainees; of those granted for waivers; of those visited for posts), for things the number
    each; one decimal, half up.
    """

    code: str
    count: int | None
    share: str | None
    withheld: bool


class OutcomesOut(Resource):
    """Outcomes of a programme or a session as of the end of a day.

    ``precision`` is ``later-changed`` when a result of that day was replaced afterwards; ``trainees``, ``projects``,
    ``funds`` (yuan) and ``training_days`` are null where fewer than ``smallest_cell`` persons stand behind them.
    """

    programme: str
    session: str | None
    as_of: date
    precision: Literal["exact", "later-changed"]
    smallest_cell: int
    trainees: int | None
    results: list[OutcomeCellOut]
    certificates: list[OutcomeCellOut]
    waivers: list[OutcomeCellOut]
    achievements: list[OutcomeCellOut]
    standings: list[OutcomeCellOut]
    phases: list[OutcomeCellOut]
    achievements_each: Decimal | None
    follow_ups: list[OutcomeCellOut]
    posts: list[OutcomeCellOut]
    projects: int | None
    funds: str | None
    training_days: int | None


def cells_out(cells: Iterable[Cell]) -> list[OutcomeCellOut]:
    """Present cells."""
    return [
        OutcomeCellOut(
            code=cell.code, count=cell.count, share=None if cell.share is None else str(cell.share),
            withheld=cell.withheld,
        )
        for cell in cells
    ]  # fmt: skip
