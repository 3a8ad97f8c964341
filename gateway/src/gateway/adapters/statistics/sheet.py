"""Observations as a sheet: one row per stated number; what is wrong is named by cell, all at once."""

from __future__ import annotations

from typing import Any, Final

from gateway.adapters.http.statistics.shapes import ObservationRow
from gateway.domain.statistics.observing import RULE, Observed
from gateway.domain.statistics.quantity import Precision, Unit
from shared.sheets.columns import Code, Column, Kind
from shared.sheets.located import SheetEntries, Unfit, read_entries

COLUMNS: Final = (
    Column(code="series", zh="序列", en="series", width=28, required=True, max_length=120),
    Column(code="period", zh="期间", en="period", width=16, required=True, max_length=60),
    Column(code="value", zh="数值", en="value", width=14, required=True, max_length=24),
    Column(code="unit", zh="计量单位", en="unit", kind=Kind.CODE, required=True,
           codes=tuple(Code(each.value) for each in Unit)),
    Column(code="order", zh="次序", en="order", kind=Kind.INTEGER, width=8),
    Column(code="precision", zh="精度", en="precision", kind=Kind.CODE, codes=tuple(Code(each.value) for each in Precision)),
    Column(code="dimensions", zh="维度", en="dimensions", width=36, max_length=600,
           note_zh="写作“名称=代码”，以空格分隔。", note_en="Written as name=code, separated by blanks."),
)  # fmt: skip
MOST_ROWS: Final = 400


def read_observations(content: bytes) -> SheetEntries[Observed]:
    """Every row of a .csv or .xlsx file.

    Raises:
        Malformed: ``sheet-wrong`` with every cell that does not fit, ``bad-header``, ``too-many-rows``.
        TooLarge, UnsupportedFile: see ``read_rows``.
    """
    return read_entries(content, COLUMNS, _observed, rule=RULE, most=MOST_ROWS)


def _observed(values: dict[str, Any]) -> Observed:
    """The stated number of a row; empty cells are left out. Raises ``Unfit`` for wrong dimensions."""
    members = {name: value for name, value in values.items() if value is not None}
    pairs = [part.partition("=") for part in str(members.pop("dimensions", "")).split()]
    dimensions = {name: code for name, _, code in pairs}
    if any(not separator for _, separator, _ in pairs) or len(dimensions) < len(pairs):
        raise Unfit("dimensions")
    row = ObservationRow.model_validate(members | {"dimensions": dimensions})
    return Observed(**row.model_dump())
