"""Imports: requests and reports."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from shared.http.resources import Body, Resource


class TakeOverBody(Body):
    """The code that the unit handed over, and the caller's identity number."""

    code: Annotated[str, Field(min_length=16, max_length=40)]
    identity_number: Annotated[str, Field(min_length=1, max_length=40)]


class CellProblemOut(Resource):
    """One problem at its cell; ``column`` is empty when the whole row is meant."""

    sheet: str
    row: int
    column: str
    cell: str
    code: str
    severity: str
    message: str


class ImportReportOut(Resource):
    """Problems of rows, in their order; ``next_after`` goes into ``after`` for the next page."""

    items: list[CellProblemOut]
    next_after: int | None
    counts: dict[str, int]
    problem: dict[str, Any] | None
