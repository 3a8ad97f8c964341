"""The register of hosts as a sheet, in and out (P-04, D-08)."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.routes.sheets.uploading import FILE, LIMITS, SMALL, queue_sheet
from placement.adapters.http.schemas.hosts import CountsOut
from placement.adapters.http.scoping import PREFIX
from placement.adapters.sheets.hosts import HOST_COLUMNS, host_entry, host_row
from placement.usecases.hosts.register_hosts import register_hosts
from placement.usecases.imports.start_import import HOSTS
from shared.http.commands import Command
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS, UPLOAD_PROBLEMS
from shared.http.queries import Query
from shared.http.uploads import UploadGuard
from shared.jobs.shapes import JobOut
from shared.sheets.columns import Sheet
from shared.sheets.located import imported, read_entries
from shared.sheets.writing import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx

router = APIRouter(prefix=f"{PREFIX}/hosts/register", tags=["hosts"])
exports = APIRouter(prefix=f"{PREFIX}/hosts", tags=["hosts"])
MOST_ROWS = 5000
Language = Literal["zh", "en"]
Reading = Annotated[Query, Depends(query("host.read"))]


@exports.get("/register.csv", response_class=Response, responses=READ_PROBLEMS)
async def read_csv(read: Reading, language: Language = "zh") -> Response:
    """The register as CSV, in the columns in which it may be sent back."""
    return _attached(write_csv(HOST_COLUMNS, await _rows(read), language), "hosts.csv", CSV_TYPE)


@exports.get("/register.xlsx", response_class=Response, responses=READ_PROBLEMS)
async def read_xlsx(read: Reading, language: Language = "zh") -> Response:
    """The register as a workbook, in the columns in which it may be sent back; without hosts it is the template."""
    name = "培养单位" if language == "zh" else "hosts"
    sheet = Sheet(name=name, columns=HOST_COLUMNS, rows=await _rows(read), blank_rows=5000)
    book = await asyncio.to_thread(write_xlsx, [sheet], language, None)
    return _attached(book, "hosts.xlsx", XLSX_TYPE)


@router.post("", response_model=CountsOut, responses=UPLOAD_PROBLEMS, openapi_extra=FILE)
async def post_sheet(
    request: Request, do: Annotated[Command[SqlPlacementWork], Depends(UploadGuard("host.register", SMALL))]
) -> Response:
    """Create or update the hosts of a sheet (.xlsx or .csv); every wrong cell is named and nothing is written."""
    read = read_entries(await request.body(), HOST_COLUMNS, host_entry, rule="P-04", most=MOST_ROWS)
    return await do.run(
        lambda work: imported(read, lambda entries: register_hosts(work, entries)), present=CountsOut.of
    )


@router.post("/imports", status_code=202, response_model=JobOut, responses=UPLOAD_PROBLEMS, openapi_extra=FILE)
async def post_import(
    request: Request, do: Annotated[Command[SqlPlacementWork], Depends(UploadGuard("host.register", LIMITS.bytes))]
) -> Response:
    """The same for a large sheet, as a job; the job says which cells are wrong."""
    return await queue_sheet(request, do, HOSTS)


async def _rows(read: Query) -> list[list[object]]:
    table = tables.host
    return [host_row(row) for row in await read.all(select(table).where(read.scope.where({})).order_by(table.c.code))]


def _attached(content: bytes, name: str, kind: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, 200, headers, kind)
