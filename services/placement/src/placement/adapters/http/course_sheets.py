"""Completions of online courses as a sheet, read cell by cell (D-07)."""

from __future__ import annotations

from placement.usecases.online.import_completions import CompletionEntry
from shared.kernel.refusals import Finding, Malformed
from shared.sheets.columns import Column, Kind
from shared.sheets.reading import read_rows

COLUMNS = (
    Column(code="participation", zh="学员编号", en="participation", kind=Kind.UUID, width=38, required=True),
    Column(code="course", zh="课程代码", en="course", width=20, required=True),
    Column(code="completed_on", zh="完成日期", en="completed on", kind=Kind.DATE, width=14, required=True),
    Column(code="reference", zh="完成证明编号", en="reference", width=24, required=True),
)
MOST_ROWS = 5000


def read_completions(content: bytes) -> list[CompletionEntry]:
    """Every row of the sheet.

    Raises:
        Malformed: ``sheet-wrong`` with every cell that does not fit, ``too-many-rows``.
    """
    entries: list[CompletionEntry] = []
    found: list[Finding] = []
    for row in read_rows(content, COLUMNS):
        wrong = [each for each in row.problems if each.severity == "error"]
        found += [
            Finding(
                each.code, each.en, f"/{each.sheet}/{each.cell}", "D-07", zh=each.zh,
                values={"row": each.row, "column": each.column},
            )
            for each in wrong
        ]  # fmt: skip
        if not wrong:
            entries.append(CompletionEntry(**{column.code: row.values[column.code] for column in COLUMNS}))
        if len(entries) > MOST_ROWS:
            raise Malformed("too-many-rows", "Send at most 5 000 rows at a time.", limit=MOST_ROWS)
    if not entries and not found:
        found = [Finding("empty-file", "The file names nobody.", "", "D-07")]
    if found:
        raise Malformed("sheet-wrong", "The sheet cannot be read whole; see errors.", findings=found)
    return entries
