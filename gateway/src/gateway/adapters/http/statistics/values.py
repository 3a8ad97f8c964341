"""Values of statistics, as JSON, CSV and JSON-stat, and the registry of their definitions."""

from __future__ import annotations

import hashlib
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Response
from fastapi import Query as QueryParameter

from gateway.adapters.http.journeys import COLUMNS
from gateway.adapters.http.statistics.shapes import (
    Format,
    StatisticCell,
    StatisticDefinition,
    StatisticInput,
    StatisticRegistry,
    StatisticValue,
)
from gateway.adapters.statistics.numbers import head, loaded, measured, parted, rows_of
from gateway.adapters.statistics.registry import definitions
from gateway.adapters.statistics.tabulating import Shown, tabulate
from gateway.domain.fingerprint import canonical
from gateway.domain.statistics.definition import Definition, Operand
from gateway.domain.statistics.evaluating import Asked, Numbers, Outcome, evaluate, measures_of, reads_rows
from gateway.domain.statistics.formulas import NotDefined
from gateway.domain.statistics.quantity import Quantity, rounded
from gateway.domain.statistics.suppression import K
from shared.http.exact import Moment
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.kernel.refusals import Finding, Malformed, NotFound

router = APIRouter(prefix="/v1/statistics", tags=["statistics"], responses=READ_PROBLEMS)

Code = Annotated[str, Path(max_length=80, pattern=r"^[a-z][a-z0-9-]*$")]
Name = Annotated[str | None, QueryParameter(max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]


@router.get("", response_model=StatisticRegistry)
async def list_statistics(read: Annotated[Query, Depends(query("statistic.read"))]) -> Response:
    """Every definition, in the order of the nineteen kinds."""
    items = sorted(definitions().values(), key=lambda one: (one.number, one.code))
    return read.answer(StatisticRegistry(items=[_definition(one) for one in items]))


@router.get(
    "/{code}",
    response_model=StatisticValue,
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
        304: {"description": "The caller has it already"},
    },
)
async def read_statistic(
    code: Code,
    read: Annotated[Query, Depends(query("statistic.read"))],
    programme: Name = None,
    batch: Name = None,
    session: Name = None,
    period: Name = None,
    by: Annotated[str | None, QueryParameter(max_length=40, description="a dimension of the definition")] = None,
    as_of: Annotated[Moment | None, QueryParameter(description="as it was known then; without it as it is")] = None,
    format: Format = "json",
) -> Response:
    """One statistic with what it is computed from; small numbers of persons are hidden."""
    definition = definitions().get(code)
    if definition is None:
        raise NotFound("not-found", "There is no such statistic.")
    _check(definition, {"programme": programme, "batch": batch, "period": period}, by, as_of)
    asked = Asked(programme, batch, session, period)
    value = await _value(read, definition, asked, by, as_of)
    headers = {"cache-control": "no-store", "etag": f'"{value.content_hash[:32]}"'}
    if read.if_none_match == headers["etag"] and format == "json":
        return Response(status_code=304, headers=headers)
    if format == "csv":
        return Response(_csv(value), 200, headers, "text/csv")
    body = value.model_dump_json().encode() if format == "json" else orjson.dumps(_json_stat(value, definition))
    return Response(body, 200, headers, "application/json")


def _check(definition: Definition, given: dict[str, Any], by: str | None, as_of: datetime | None) -> None:
    findings = [
        Finding("parameter-needed", f"{name} is needed.", f"/{name}", zh=f"须指明 {name}。")
        for name in definition.needs
        if given[name] is None
    ]
    if by is not None and by not in definition.by:
        findings.append(
            Finding("no-such-dimension", "It cannot be broken down by this.", "/by", zh="不能按此维度分列。")
        )
    if as_of is not None and as_of.tzinfo is None:
        findings.append(Finding("no-time-zone", "A moment needs a time zone.", "/as_of", zh="时间须带时区。"))
    if findings:
        raise Malformed("bad-question", "The statistic cannot be asked like this; see errors.", findings=findings)


async def _value(
    read: Query, definition: Definition, asked: Asked, by: str | None, as_of: datetime | None
) -> StatisticValue:
    known, scope = definitions(), read.scope.where(COLUMNS)
    moment = as_of or read.running.clock.now()
    position = await head(read.connection)
    editions = await loaded(read.connection, asked.programme, moment) if reads_rows(definition, known) else []
    shown = Shown(None, {})
    measure = _single_measure(definition)
    outcome: Outcome | None = None
    if definition.small_cells and measure is not None:
        shown = await tabulate(read.connection, measure, asked, scope, as_of, by)
        unit = definition.unit
        outcome = None if shown.total is None else Outcome(Quantity(Fraction(shown.total), unit))
    else:
        measures = await measured(read.connection, measures_of(definition, known), asked, scope, as_of)
        try:
            outcome = evaluate(definition, known, asked, Numbers(rows_of(editions), measures))
        except NotDefined as error:
            raise NotFound("no-numbers", f"There are no numbers for this: {error}.") from error
        if by is not None and measure is not None:
            parts = await parted(read.connection, measure, by, asked, scope, as_of)
            shown = Shown(None, {key: _text(part, definition) for key, part in parts.items()})
        if definition.small_cells and _small(outcome):
            outcome = None
    return _answer(definition, asked, by, moment, position, editions, outcome, shown)


def _text(value: Fraction, definition: Definition) -> str:
    return f"{rounded(value, definition.decimals, definition.rounding):f}"


def _single_measure(definition: Definition) -> str | None:
    return definition.operands["value"].measure if definition.formula == "value" else None


def _small(outcome: Outcome) -> bool:
    """True when the part, or what is missing from the whole, is a small number of persons."""
    if outcome.numerator is None or outcome.denominator is None:
        return False
    part, rest = outcome.numerator.value, outcome.denominator.value - outcome.numerator.value
    return 0 < part < K or 0 < rest < K


def _answer(
    definition: Definition,
    asked: Asked,
    by: str | None,
    moment: datetime,
    position: int,
    editions: list[Any],
    outcome: Outcome | None,
    shown: Shown,
) -> StatisticValue:
    def text(value: Fraction | None, decimals: int = definition.decimals) -> str | None:
        return None if value is None else f"{rounded(value, decimals, definition.rounding):f}"

    found = None if outcome is None else outcome.quantity
    content: dict[str, Any] = {
        "code": definition.code, "definition_version": definition.version, "programme": asked.programme,
        "batch": asked.batch, "session": asked.session, "period": asked.period, "by": by, "unit": definition.unit,
        "value": text(found.value) if found else None,
        "numerator": _plain(outcome.numerator) if outcome else None,
        "denominator": _plain(outcome.denominator) if outcome else None,
        "low": text(found.low) if found else None, "high": text(found.high) if found else None,
        "precision": found.precision if found else "exact",
        "rounded": bool(found and Fraction(text(found.value) or 0) != found.value),
        "suppressed": outcome is None, "withheld": shown.withheld,
        "cells": [
            {"key": key, "value": None if value is None else str(value), "suppressed": value is None}
            for key, value in sorted(shown.cells.items())
        ],
        "inputs": [
            {"dataset": one.dataset, "edition": one.edition, "content_hash": one.content_hash, "citation": one.citation}
            for one in editions
            if one.dataset in definition.sources
        ],
    }  # fmt: skip
    fingerprint = hashlib.sha256(canonical(content)).hexdigest()
    cells = [StatisticCell(**cell) for cell in content.pop("cells")]
    inputs = [StatisticInput(**one) for one in content.pop("inputs")]
    return StatisticValue(
        **content, as_of=moment, position=position, cells=cells, inputs=inputs, content_hash=fingerprint
    )


def _plain(quantity: Quantity | None) -> str | None:
    return None if quantity is None else f"{rounded(quantity.value, 0 if quantity.value.denominator == 1 else 2):f}"


def _csv(value: StatisticValue) -> str:
    """One line per cell and one for the total; a hidden number is an empty field that says so beside it."""
    lines = ["statistic,dimension,key,value,unit,precision,suppressed,as_of"]
    told = [(value.by or "", "*", value.value, value.suppressed)]
    told += [(value.by or "", cell.key, cell.value, cell.suppressed) for cell in value.cells]
    for dimension, key, number, hidden in told:
        fields = (value.code, dimension, key, number or "", value.unit, value.precision, str(hidden).lower(),
                  value.as_of.isoformat())  # fmt: skip
        lines.append(",".join(fields))
    return "\r\n".join(lines) + "\r\n"


def _json_stat(value: StatisticValue, definition: Definition) -> dict[str, Any]:
    """The value as a JSON-stat 2.0 dataset of one dimension."""
    cells = value.cells or [StatisticCell(key="*", value=value.value, suppressed=value.suppressed)]
    name = value.by or "total"
    numbers = [None if cell.value is None else float(cell.value) for cell in cells]
    return {
        "version": "2.0", "class": "dataset", "label": definition.en, "updated": value.as_of.isoformat(),
        "id": [name], "size": [len(cells)],
        "dimension": {name: {"category": {"index": [cell.key for cell in cells]}}},
        "value": numbers, "status": {str(n): "suppressed" for n, cell in enumerate(cells) if cell.suppressed},
        "extension": {"unit": value.unit, "precision": value.precision, "content_hash": value.content_hash},
    }  # fmt: skip


def _definition(one: Definition) -> StatisticDefinition:
    return StatisticDefinition(
        code=one.code, version=one.version, number=one.number, zh=one.zh, en=one.en, counts_zh=one.counts_zh,
        counts_en=one.counts_en, formula=one.formula,
        operands={name: _operand(operand) for name, operand in one.operands.items()}, unit=one.unit,
        denominator_zh=one.denominator_zh, denominator_en=one.denominator_en, decimals=one.decimals,
        rounding=one.rounding, small_cells_below=K if one.small_cells else None, sources=list(one.sources),
        needs=list(one.needs), by=list(one.by), owner=one.owner,
    )  # fmt: skip


def _operand(operand: Operand) -> str:
    """An operand in one line."""
    if operand.statistic is not None:
        return f"statistic {operand.statistic}"
    if operand.measure is not None:
        return f"measure {operand.measure}"
    where = "".join(f", {name} = {value}" for name, value in sorted(operand.where.items()))
    return f"series {operand.series}, period {operand.period}{where}, {operand.combine}"
