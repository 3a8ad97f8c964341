"""The import of applications, chunk by chunk: read and check, wait for a person, then apply."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

import orjson

from selection.adapters.sheets.columns import application_columns, policy_content, template_of
from selection.adapters.sheets.staging import Staging
from selection.domain.codes import StaffCategory, TitleLevel
from selection.domain.importing.row import CheckedRow, SheetRow
from selection.usecases.importing.applying import RowToApply, apply_rows
from selection.usecases.importing.checking import RowChecker
from selection.usecases.importing.serialised import row_from, row_members
from shared.jobs.files import Files
from shared.kernel.job import Job, JobState
from shared.kernel.refusals import Malformed
from shared.sheets.reading import read_rows
from shared.sheets.rows import ReadRow

CHUNK: Final = 2000
APPLY_CHUNK: Final = 500
_YES = "yes"
_OPEN_FILES: Final = 2
_readers: dict[UUID, _Reader] = {}
"""Files that are being read, by job: only so that the next chunk need not begin at the top of the file."""


@dataclass(slots=True)
class _Reader:
    """An open file and how far it was read."""

    rows: Iterator[ReadRow]
    position: int


async def import_step(work: Any, job: Job) -> None:
    """The next chunk of an import of applications."""
    if job.state is JobState.APPLYING:
        await _apply(work, job)
    else:
        await _check(work, job)


async def _check(work: Any, job: Job) -> None:
    call = await work.readings.call(job.subject)
    policy = await work.readings.policy(call.programme, call.policy_version)
    if job.position == 0:
        _readers.pop(job.id, None)
        await Staging(work.connection, job.id, {}).clear()
        await Files(work, job).drop("rows")
    reader = await _reader(work, job, call.id, call.programme, call.policy_version)
    read: list[ReadRow] = await asyncio.to_thread(lambda: list(islice(reader.rows, CHUNK)))
    reader.position += len(read)
    units = {row.values["unit"] for row in read if row.values["unit"] is not None}
    checker = RowChecker(
        call, policy, await work.readings.organisations(units), work.actor, work.vault, work.today,
        policy.import_arrives_submitted,
    )  # fmt: skip
    good = [row for row in read if not row.problems]
    checked: list[CheckedRow] = await asyncio.to_thread(lambda: [checker.check(_sheet_row(row)) for row in good])
    staging = Staging(work.connection, job.id, read[0].places if read else {})
    if read:
        job.params = job.params | {"sheet": read[0].sheet}
        unread = [(row.number, _problems(row)) for row in read if row.problems]
        ready = set(await staging.add(call.id, checked, unread))
        rows = [each.row for each in checked if each.row.number in ready]
        piece = orjson.dumps([row_members(row) for row in rows])
        await Files(work, job).put_pieces("rows", [piece], job.position // CHUNK)
    job.advance(job.position + len(read), read=len(read))
    if len(read) < CHUNK:
        _readers.pop(job.id, None)
        counts = await staging.compare()
        if not counts["total"]:
            raise Malformed("no-rows", "The sheet has no rows.", zh="表格中没有数据行。")
        job.counts = counts
        job.report(work.actor)


async def _reader(work: Any, job: Job, call: UUID, programme: str, version: str) -> _Reader:
    reader = _readers.get(job.id)
    if reader is not None and reader.position == job.position:
        return reader
    content = await Files(work, job).get("upload")
    if content is None:
        raise Malformed("broken-file", "The file is not there any more.")
    columns = application_columns(await policy_content(work.connection, programme, version))
    template = template_of(call, version)
    rows = read_rows(content, columns, template=template, skip_rows=job.position)
    while len(_readers) >= _OPEN_FILES:
        _readers.pop(next(iter(_readers)))
    reader = _readers[job.id] = _Reader(rows, job.position)
    return reader


async def _apply(work: Any, job: Job) -> None:
    """Position counts slices of ``APPLY_CHUNK`` rows inside the stored pieces."""
    call = await work.readings.call(job.subject)
    policy = await work.readings.policy(call.programme, call.policy_version)
    per_piece = CHUNK // APPLY_CHUNK
    piece = await Files(work, job).piece("rows", job.position // per_piece)
    if piece is None:
        await Files(work, job).drop("rows")
        await Files(work, job).drop("upload")
        job.finish(work.actor, work.now)
        return
    at = job.position % per_piece * APPLY_CHUNK
    rows = [row_from(members) for members in orjson.loads(piece)[at : at + APPLY_CHUNK]]
    staging = Staging(work.connection, job.id, {})
    ready = await staging.ready(call.id, [row.number for row in rows])
    wanted = [row for row in rows if row.number in ready]
    late = [row.number for row in wanted if ready[row.number].application is not None]
    fresh = [row for row in wanted if ready[row.number].application is None]
    if late:
        await staging.late(late)
    if fresh:
        organisations = await work.readings.organisations({row.unit for row in fresh})
        to_apply = [
            RowToApply(
                row, bytes(ready[row.number].identity_index), bytes(ready[row.number].digest), ready[row.number].person
            )
            for row in fresh
        ]
        made = await apply_rows(work, job.id, call, policy, organisations, to_apply)
        await staging.applied([row.number for row in fresh], [application.id for application in made])
    job.advance(job.position + 1, applied=len(fresh), late=len(late))


def _sheet_row(row: ReadRow) -> SheetRow:
    cells = row.values
    return SheetRow(
        row.number, cells["name_zh"], cells["name_bo"], cells["name_latin"], cells["birth_date"],
        cells["identity_number"], cells["phone"], cells["unit"], TitleLevel(cells["title_level"]), cells["specialty"],
        cells["years_of_service"], cells["grassroots_years"], cells["county_experience"] == _YES,
        cells["township_experience"] == _YES, cells.get("focus_area"), cells.get("study_direction_wish"), _several(cells["host_preferences"]) or (),
        cells["consent"] == _YES, None if cells["staff_category"] is None else StaffCategory(cells["staff_category"]),
        cells.get("position_class"), _sorted(cells.get("competences")), cells.get("destination"),
    )  # fmt: skip


def _several(cell: str | None) -> tuple[str, ...] | None:
    """The codes of a cell that holds several, separated by blanks or commas."""
    return None if cell is None else tuple(cell.replace("，", " ").replace(",", " ").replace(";", " ").split())


def _sorted(cell: str | None) -> tuple[str, ...] | None:
    several = _several(cell)
    return None if several is None else tuple(sorted(set(several)))


def _problems(row: ReadRow) -> list[dict[str, Any]]:
    return [
        {
            "column": each.column, "place": row.places.get(each.column, 0), "code": each.code,
            "severity": each.severity, "en": each.en, "zh": each.zh,
        }
        for each in row.problems
    ]  # fmt: skip
