"""The shapes of statistics."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.domain.statistics.quantity import Precision, Rounding, Unit
from shared.http.resources import Body, CodeText, Prose, Resource

PeriodText = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]


class StatisticDefinition(Resource):
    """What a statistic counts, how it is computed and rounded, and who answers for it."""

    code: str
    version: int
    number: int = Field(description="which of the nineteen kinds of statistics it belongs to")
    zh: str
    en: str
    counts_zh: str
    counts_en: str
    formula: str = Field(description="one of a closed set")
    operands: dict[str, str]
    unit: Unit
    denominator_zh: str | None
    denominator_en: str | None
    decimals: int
    rounding: Rounding
    small_cells_below: int | None = Field(description="numbers of persons below this are hidden; null for never")
    sources: list[str] = Field(description="datasets and events it is computed from")
    needs: list[str] = Field(description="parameters without which it cannot be asked")
    by: list[str] = Field(description="dimensions that it can be broken down by")
    owner: str


class StatisticRegistry(Resource):
    """All definitions."""

    items: list[StatisticDefinition]


class StatisticCell(Resource):
    """One value of a dimension; ``value`` is null where it is hidden."""

    key: str
    value: str | None
    suppressed: bool


class StatisticInput(Resource):
    """An edition of loaded observations that went into a value."""

    dataset: str
    edition: int
    content_hash: str
    citation: str


class StatisticValue(Resource):
    """A statistic as of a moment. Numbers are decimal strings in ``unit``; a percentage point is not a percent."""

    code: str
    definition_version: int
    programme: str | None
    batch: str | None
    session: str | None
    period: str | None
    by: str | None
    as_of: datetime
    position: int = Field(description="of the feed, up to which events are in the value")
    unit: Unit
    value: str | None = Field(description="null where it is hidden")
    numerator: str | None
    denominator: str | None
    low: str | None = Field(description="least value that the rounding of the source allows")
    high: str | None
    precision: Precision
    rounded: bool = Field(description="True when digits were cut off")
    suppressed: bool = Field(description="True when the value is hidden because it counts too few persons")
    withheld: bool = Field(description="True when no cell of the table can be shown")
    cells: list[StatisticCell]
    inputs: list[StatisticInput]
    content_hash: str = Field(description="of everything above but the times: the same snapshot gives the same hash")


class ObservationRow(Body):
    """One stated number: ``value`` is a decimal string in ``unit``, ``order`` sorts the periods of a series."""

    series: CodeText
    period: PeriodText
    value: Annotated[str, Field(max_length=24, examples=["1345"])]
    unit: Unit
    order: Annotated[int, Field(ge=-100000, le=100000)] = 0
    precision: Precision = Precision.EXACT
    dimensions: dict[Annotated[str, StringConstraints(max_length=40)], CodeText] = Field(
        default_factory=dict, max_length=6
    )


class ObservationBody(Body):
    """An edition of a dataset; all of it is taken or nothing."""

    dataset: CodeText
    programme: CodeText
    citation: Prose
    rows: Annotated[list[ObservationRow], Field(min_length=1, max_length=400)]


class ObservationEdition(Resource):
    """An edition that was loaded."""

    id: str
    dataset: str
    edition: int
    programme: str
    citation: str
    content_hash: str
    loaded_at: datetime
    rows: list[ObservationRow]


Format = Literal["json", "csv", "json-stat"]
