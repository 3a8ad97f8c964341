"""Computes a defined statistic from loaded rows and measured journeys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gateway.domain.statistics.definition import Definition, Operand
from gateway.domain.statistics.formulas import FORMULAS, FRACTIONS, Inputs, NotDefined, total
from gateway.domain.statistics.observing import Observed, matching
from gateway.domain.statistics.quantity import Quantity

YEARS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What a statistic is asked for."""

    programme: str | None = None
    batch: str | None = None
    session: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What there is to compute from: rows of the newest editions, and measures that were taken beforehand."""

    rows: list[Observed] = field(default_factory=list)
    measures: Mapping[str, Quantity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result with what it was divided out of, where it is a fraction."""

    quantity: Quantity
    numerator: Quantity | None = None
    denominator: Quantity | None = None


def measures_of(definition: Definition, known: Mapping[str, Definition]) -> set[str]:
    """Every measure that the statistic needs, also through other statistics."""
    found = {one.measure for one in definition.operands.values() if one.measure is not None}
    for one in definition.operands.values():
        if one.statistic is not None:
            found |= measures_of(known[one.statistic], known)
    return found


def reads_rows(definition: Definition, known: Mapping[str, Definition]) -> bool:
    """True when loaded observations are read, directly or through other statistics."""
    return any(
        one.series is not None or (one.statistic is not None and reads_rows(known[one.statistic], known))
        for one in definition.operands.values()
    )


def evaluate(definition: Definition, known: Mapping[str, Definition], asked: Asked, numbers: Numbers) -> Outcome:
    """The statistic.

    Raises:
        NotDefined: a number that is needed was not loaded or measured, or the formula has no result.
        WrongUnits: the definition combines units that do not go together.
    """
    formula, _ = FORMULAS[definition.formula]
    inputs: Inputs = {name: _numbers(operand, known, asked, numbers) for name, operand in definition.operands.items()}
    quantity = formula(inputs)
    if quantity.unit is not definition.unit:
        raise NotDefined(f"{definition.code} is defined in {definition.unit} and came out in {quantity.unit}")
    if definition.formula in FRACTIONS:
        over, under = FRACTIONS[definition.formula]
        return Outcome(quantity, inputs[over][0], inputs[under][0])
    return Outcome(quantity)


def _numbers(operand: Operand, known: Mapping[str, Definition], asked: Asked, numbers: Numbers) -> list[Quantity]:
    if operand.statistic is not None:
        return [evaluate(known[operand.statistic], known, asked, numbers).quantity]
    if operand.measure is not None:
        if operand.measure not in numbers.measures:
            raise NotDefined(f"{operand.measure} was not measured")
        return [numbers.measures[operand.measure]]
    assert operand.series is not None
    where = {name: (asked.batch or "" if value == "$batch" else value) for name, value in operand.where.items()}
    rows = _periods(matching(numbers.rows, operand.series, where), operand.period, asked)
    if not rows:
        raise NotDefined(f"nothing was loaded for {operand.series}")
    found = [row.quantity for row in rows]
    return found if operand.combine == "each" or len(found) == 1 else [total({"value": found})]


def _periods(rows: list[Observed], wanted: str, asked: Asked) -> list[Observed]:
    """The rows of the periods that an operand wants; rows come in the order of periods."""
    if wanted == "*":
        return rows
    if not wanted.startswith("$"):
        return [row for row in rows if row.period == wanted]
    now = asked.period or asked.session or asked.batch
    names = _names(rows)
    if now is None or now not in names:
        return []
    place = names.index(now)
    if wanted == "$last":
        kept = set(names[max(0, place - YEARS + 1) : place + 1])
        return [row for row in rows if row.period in kept]
    place -= wanted == "$previous"
    return [row for row in rows if row.period == names[place]] if place >= 0 else []


def _names(rows: Iterable[Observed]) -> list[str]:
    return list(dict.fromkeys(row.period for row in rows))
