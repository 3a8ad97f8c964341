"""What an import found, row by row, for reports, the annotated file and the codes of those registered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import text

from selection.usecases.importing.claiming import claim_code
from shared.kernel.job import Job
from shared.sheets.columns import Column, Kind
from shared.sheets.problems import CellProblem, address

_PAGE = text(
    "SELECT number, problems FROM import_row WHERE job_id = :job AND problems IS NOT NULL AND number > :after "
    "ORDER BY number LIMIT :limit"
)
_REGISTERED = text(
    "SELECT r.number, r.application, a.unit, p.name_zh FROM import_row r JOIN application a ON a.id = r.application "
    "JOIN person p ON p.id = a.person_id WHERE r.job_id = :job AND r.outcome = 'applied' ORDER BY r.number"
)
_FETCH = 5000

REPORT_COLUMNS = (
    Column(code="sheet", zh="工作表", en="Sheet"), Column(code="row", zh="行", en="Row", kind=Kind.INTEGER),
    Column(code="column", zh="列", en="Column", width=20), Column(code="cell", zh="单元格", en="Cell"),
    Column(code="severity", zh="程度", en="Severity"), Column(code="code", zh="代码", en="Code", width=24),
    Column(code="message", zh="说明", en="Message", width=60),
)  # fmt: skip
CODE_COLUMNS = (
    Column(code="row", zh="行", en="Row", kind=Kind.INTEGER), Column(code="name_zh", zh="姓名", en="Name"),
    Column(code="unit", zh="单位", en="Unit", width=24),
    Column(code="application", zh="申请编号", en="Application", kind=Kind.UUID, width=38),
    Column(code="claim_code", zh="认领码", en="Claim code", width=20),
)  # fmt: skip


async def problems_after(connection: Any, job: Job, after: int, rows: int) -> tuple[list[CellProblem], int | None]:
    """Problems of the next ``rows`` rows that have some, and the row number to go on after."""
    found = (await connection.execute(_PAGE, {"job": job.id, "after": after, "limit": rows + 1})).all()
    sheet = str(job.params.get("sheet", ""))
    problems = [
        CellProblem(
            sheet, row.number, each["column"], address(row.number, each["place"]), each["code"], each["en"], each["zh"],
            each["severity"],
        )
        for row in found[:rows]
        for each in row.problems
    ]  # fmt: skip
    return problems, found[rows - 1].number if len(found) > rows else None


async def all_problems(connection: Any, job: Job) -> AsyncIterator[CellProblem]:
    """Every problem of a job, in the order of the rows."""
    after: int | None = 0
    while after is not None:
        problems, after = await problems_after(connection, job, after, _FETCH)
        for problem in problems:
            yield problem


async def registered(connection: Any, vault: Any, job: Job) -> list[dict[str, Any]]:
    """Who was registered by a job, with the code that each person needs to take the application over."""
    rows = (await connection.execute(_REGISTERED, {"job": job.id})).all()
    return [
        {
            "row": row.number, "name_zh": row.name_zh, "unit": row.unit, "application": row.application,
            "claim_code": claim_code(vault, row.application),
        }
        for row in rows
    ]  # fmt: skip
