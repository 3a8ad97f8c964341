"""Observations as a sheet: one row per stated number; what is wrong is named by cell, all at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from gateway.adapters.http.statistics.shapes import ObservationRow
from gateway.domain.statistics.observing import RULE, Observed
from gateway.domain.statistics.quantity import Precision, Unit
from shared.kernel.refusals import Finding, Malformed, Refusal
from shared.sheets.columns import Code, Column, Kind
from shared.sheets.problems import address
from shared.sheets.reading import read_rows
from shared.sheets.rows import ReadRow

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
_ROW = re.compile(r"^/rows/(\d+)(?:/(\w+))?")


@dataclass(frozen=True, slots=True)
class ObservationSheet:
    """The stated numbers of a sheet, with the row that each came from."""

    rows: tuple[Observed, ...]
    places: list[ReadRow]

    @contextmanager
    def located(self) -> Iterator[None]:
        """Problems of rows (``/rows/7/value``) become problems of cells (``/csv/C9``)."""
        try:
            yield
        except Refusal as refusal:
            findings = [self._of(finding) for finding in refusal.findings]
            raise type(refusal)(
                refusal.code, refusal.detail, rule=refusal.rule, zh=refusal.zh, findings=findings, **refusal.values
            ) from refusal

    def _of(self, finding: Finding) -> Finding:
        found = _ROW.match(finding.pointer)
        if found is None:
            return finding
        row = self.places[int(found[1])]
        return Finding(
            finding.code, finding.detail, _cell(row, found[2] or ""), finding.rule, finding.zh, finding.values
        )


def read_observations(content: bytes) -> ObservationSheet:
    """Every row of a .csv or .xlsx file.

    Raises:
        Malformed: ``sheet-wrong`` with every cell that does not fit, ``bad-header``, ``too-many-rows``.
        TooLarge, UnsupportedFile: see ``read_rows``.
    """
    rows: list[Observed] = []
    places: list[ReadRow] = []
    findings: list[Finding] = []
    for row in read_rows(content, COLUMNS):
        wrong = [
            Finding(each.code, each.en, f"/{each.sheet}/{each.cell}", RULE, each.zh, each.values)
            for each in row.problems
        ]
        if not wrong:
            try:
                rows.append(Observed(**ObservationRow.model_validate(_members(row.values)).model_dump()))
                places.append(row)
            except ValidationError as error:
                wrong = [_unfit(row, str(each["loc"][0]) if each["loc"] else "") for each in error.errors()]
            except ValueError:
                wrong = [_unfit(row, "dimensions")]
        findings += wrong
        if len(rows) > MOST_ROWS:
            raise Malformed("too-many-rows", f"Send at most {MOST_ROWS} rows at a time.", limit=MOST_ROWS)
    if not rows and not findings:
        findings.append(Finding("required", "The sheet has no rows.", "/", RULE, zh="表中没有数据行。"))
    if findings:
        raise Malformed("sheet-wrong", "Nothing was loaded; correct the cells that errors name.", findings=findings)
    return ObservationSheet(tuple(rows), places)


def _members(values: dict[str, Any]) -> dict[str, Any]:
    """The members of a row as JSON has them; empty cells are left out. Raises ``ValueError`` for wrong dimensions."""
    members = {name: value for name, value in values.items() if value is not None}
    pairs = [part.partition("=") for part in str(members.pop("dimensions", "")).split()]
    if any(not separator for _, separator, _ in pairs) or len({name for name, _, _ in pairs}) < len(pairs):
        raise ValueError("dimensions")
    return members | {"dimensions": {name: code for name, _, code in pairs}}


def _unfit(row: ReadRow, column: str) -> Finding:
    return Finding("bad-value", "The value does not fit here.", _cell(row, column), RULE, zh="此处的值不符合要求。")


def _cell(row: ReadRow, column: str) -> str:
    return f"/{row.sheet}/{address(row.number, row.places.get(column, 0))}"
