"""Exports: the rows a caller may read, streamed into a file without ever being held together."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from queue import Queue
from typing import Any, Final

from sqlalchemy import Select, and_, select

from selection.adapters.db import tables
from selection.adapters.http.policy import POLICY
from selection.domain.applying.lifecycle import ApplicationState
from shared.http.queries import Scope
from shared.jobs.files import Files
from shared.kernel.actor import Actor, Relation
from shared.kernel.job import Job
from shared.sheets.columns import Column, Kind, Language, Sheet
from shared.sheets.writing import csv_chunks, write_xlsx_to

_BATCH: Final = 1000
_READ: Final = {"applications": "application.read", "roster": "roster.read", "scores": "panel.read"}
_PLACED: Final = [
    str(state)
    for state in (
        ApplicationState.SELECTED,
        ApplicationState.RESERVE,
        ApplicationState.DESELECTED,
        ApplicationState.COMPLETED,
    )
]
_PERSONAL: Final = (
    Column(code="application", zh="申请编号", en="Application", kind=Kind.UUID, width=38),
    Column(code="name_zh", zh="姓名", en="Name"), Column(code="name_bo", zh="藏文姓名", en="Name in Tibetan"),
    Column(code="name_latin", zh="拉丁字母姓名", en="Name in Latin letters"),
)  # fmt: skip
_COMMON: Final = (
    Column(code="state", zh="状态", en="State"), Column(code="unit", zh="单位", en="Unit", width=24),
    Column(code="origin_area", zh="来源地区", en="Area", width=10),
    Column(code="specialty", zh="专业", en="Specialty", width=24),
    Column(code="study_direction", zh="研修方向", en="Study direction", width=24),
    Column(code="panel_score", zh="评审均分", en="Panel score", kind=Kind.DECIMAL, width=12),
    Column(code="preference_points", zh="优先加分", en="Preference points", kind=Kind.DECIMAL, width=12),
    Column(code="rank", zh="位次", en="Rank", kind=Kind.INTEGER, width=8),
)  # fmt: skip
_STATED: Final = (
    Column(code="title_level", zh="职称级别", en="Title level"),
    Column(code="years_of_service", zh="专业工作年限", en="Years of service", kind=Kind.INTEGER, width=10),
    Column(code="grassroots_years", zh="基层工作年限", en="Grassroots years", kind=Kind.INTEGER, width=10),
    Column(code="focus_area", zh="重点领域", en="Focus area", width=20),
    Column(code="recommendation", zh="单位推荐", en="Recommendation"),
    Column(code="submitted_at", zh="提交时间", en="Submitted", width=26), Column(code="outcome", zh="结果", en="Outcome"),
)  # fmt: skip
_SHEET: Final = (
    Column(code="expert", zh="专家账号", en="Expert", width=20),
    Column(code="total", zh="总分", en="Total", kind=Kind.DECIMAL, width=10),
    Column(code="scores", zh="各项得分", en="Scores", width=60),
)  # fmt: skip


def may_export(what: str, actor: Actor) -> bool:
    """Whether the caller may read any of it at all; experts see candidates on screen only."""
    relations = POLICY.relations(_READ[what], actor) - {Relation.ASSIGNED, Relation.SELF}
    return bool(relations)


async def export_step(work: Any, job: Job) -> None:
    """Write the whole file: reading needs no chunks, a crash begins it again."""
    what, named = str(job.params["what"]), job.params["purpose"] == "case-handling"
    columns = (_PERSONAL if named else ()) + (_SHEET if what == "scores" else _COMMON)
    columns += _STATED if what == "applications" else ()
    count, shown = 0, dict[str, None]()
    target = io.BytesIO()
    rows: Queue[list[dict[str, Any]] | None] = Queue(maxsize=4)
    language: Language = "zh" if job.language == "zh" else "en"

    def handed() -> Iterator[dict[str, Any]]:
        while (batch := rows.get()) is not None:
            yield from batch

    def write() -> None:
        try:
            if job.params["format"] == "csv":
                for piece in csv_chunks(columns, handed(), language):
                    target.write(piece)
            else:
                write_xlsx_to(target, [Sheet(name=what, columns=columns, rows=handed())], language)
        except BaseException:
            while rows.get() is not None:  # who reads must not wait for a writer that is gone
                continue
            raise

    writing = asyncio.create_task(asyncio.to_thread(write))
    try:
        found = await work.connection.stream(_statement(what, job))
        async for batch in found.mappings().partitions(_BATCH):
            count += len(batch)
            shown |= dict.fromkeys(str(row["application"]) for row in batch) if named else {}
            await asyncio.to_thread(rows.put, [_row(dict(row)) for row in batch])
    finally:
        await asyncio.to_thread(rows.put, None)
        await writing
    if shown:
        work.note(
            "person.export", "session", str(job.subject), purpose=job.params["purpose"], applications=list(shown),
            reader=job.owner, reader_organisation=job.organisation, reader_roles=job.roles,
        )  # fmt: skip
    await Files(work, job).put("result", target.getvalue())
    job.advance(1, total=count)
    job.finish(work.actor, work.now)


def _statement(what: str, job: Job) -> Select[Any]:
    table, person, opinion = tables.application, tables.person, tables.recommendation
    scope = Scope(job.actor, POLICY.relations(_READ[what], job.actor) - {Relation.ASSIGNED, Relation.SELF})
    visible = scope.where({Relation.OWN_UNIT: table.c.unit, Relation.REVIEWER: table.c.reviewer})
    columns = [table.c.id.label("application"), person.c.name_zh, person.c.name_bo, person.c.name_latin]
    if what == "scores":
        sheet = tables.score_sheet
        found = select(*columns, sheet.c.expert, sheet.c.total, sheet.c.scores).join_from(
            sheet, table, table.c.id == sheet.c.application_id
        )
        order: tuple[Any, ...] = (table.c.id, sheet.c.expert)
    else:
        found = select(
            *columns, table.c.state, table.c.unit, table.c.origin_area, table.c.form, table.c.study_direction,
            table.c.panel_score, table.c.preference_points, table.c.rank, table.c.submitted_at, table.c.outcome,
            opinion.c.state.label("recommendation"),
        ).outerjoin_from(
            table, opinion,
            and_(opinion.c.call_id == table.c.call_id, opinion.c.account == table.c.account, opinion.c.unit == table.c.unit),
        )  # fmt: skip
        order = (
            (table.c.state == str(ApplicationState.RESERVE), table.c.rank, table.c.id)
            if what == "roster"
            else (table.c.id,)
        )
    found = found.join(person, person.c.id == table.c.person_id).where(table.c.session_id == job.subject, visible)
    if what == "roster":
        found = found.where(table.c.state.in_(_PLACED))
    return found.order_by(*order)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    form = row.pop("form", None) or {}
    row |= {
        name: form.get(name)
        for name in ("specialty", "title_level", "years_of_service", "grassroots_years", "focus_area")
    }
    if row.get("submitted_at") is not None:
        row["submitted_at"] = row["submitted_at"].isoformat()
    if row.get("scores") is not None:
        row["scores"] = " ".join(f"{code}={points}" for code, points in sorted(row["scores"].items()))
    return row
