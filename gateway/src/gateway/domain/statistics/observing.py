"""Loaded observations: series of stated numbers with period, dimensions, precision and the source that states them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any
from uuid import UUID

from gateway.domain.statistics.quantity import COUNTED, Precision, Quantity, Unit
from shared.kernel.refusals import Finding, RuleViolated

RULE = "domain-1.6"
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Observed:
    """One stated number. ``value`` is a decimal string; ``order`` sorts the periods of a series."""

    series: str
    period: str
    value: str
    unit: Unit
    order: int = 0
    precision: Precision = Precision.EXACT
    dimensions: dict[str, str] = field(default_factory=dict)

    @property
    def quantity(self) -> Quantity:
        """The number for a formula."""
        return Quantity(Fraction(Decimal(self.value)), self.unit, self.precision)


@dataclass(slots=True)
class ObservationSet:
    """A dataset of observations in one edition; an edition never changes, the next one replaces it.

    Attributes:
        dataset: its code.
        programme: the programme it tells of.
        citation: the source that states the numbers.
    """

    id: UUID
    dataset: str
    edition: int
    programme: str
    citation: str
    rows: list[Observed]
    content_hash: str
    loaded_by: str
    loaded_at: datetime


def check_rows(rows: Sequence[Observed]) -> None:
    """All or nothing.

    Raises:
        RuleViolated: ``observations-rejected`` with every problem of every row, each with a pointer to it.
    """
    findings = [*_single(rows), *_together(rows)]
    if findings:
        raise RuleViolated(
            "observations-rejected",
            "Nothing was loaded; correct the rows that errors name.",
            rule=RULE,
            findings=findings,
        )


def _single(rows: Iterable[Observed]) -> Iterable[Finding]:
    for n, row in enumerate(rows):
        at = f"/rows/{n}/value"
        try:
            number = Decimal(row.value) if NUMBER.fullmatch(row.value) else None
        except InvalidOperation:
            number = None
        if number is None:
            yield Finding("not-a-number", "A decimal number as text is needed.", at, RULE, zh="须为十进制数字文本。")
        elif row.unit in COUNTED and number < 0:
            yield Finding("negative-count", "A count cannot be negative.", at, RULE, zh="计数不能为负。")
        elif row.unit in {Unit.PERSONS, Unit.COUNT} and number != number.to_integral_value():
            yield Finding("not-whole", "A count is a whole number.", at, RULE, zh="计数须为整数。")
        elif row.unit is Unit.PERCENT and not 0 <= number <= 100:
            yield Finding("not-a-share", "A share lies between 0 and 100.", at, RULE, zh="占比须在 0 至 100 之间。")


def _together(rows: Sequence[Observed]) -> Iterable[Finding]:
    units: dict[str, Unit] = {}
    seen: dict[Any, int] = {}
    for n, row in enumerate(rows):
        first = units.setdefault(row.series, row.unit)
        if first is not row.unit:
            yield Finding(
                "mixed-units", f"The series is in {first}.", f"/rows/{n}/unit", RULE, zh="同一序列的计量单位须一致。"
            )  # fmt: skip
        key = (row.series, row.period, tuple(sorted(row.dimensions.items())))
        if key in seen:
            yield Finding(
                "stated-twice", f"Row {seen[key]} states the same.", f"/rows/{n}", RULE, zh="与另一行重复。"
            )  # fmt: skip
        seen.setdefault(key, n)


def matching(rows: Iterable[Observed], series: str, where: Mapping[str, str]) -> list[Observed]:
    """The rows of a series that have the dimensions asked for, in the order of their periods."""
    found = [
        row
        for row in rows
        if row.series == series and all(row.dimensions.get(name) == value for name, value in where.items())
    ]
    return sorted(found, key=lambda row: (row.order, row.period))
