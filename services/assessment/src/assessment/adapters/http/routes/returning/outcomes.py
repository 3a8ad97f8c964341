"""Outcome statistics of a session or a programme, as of a day (domain rules 1.6 nos. 15 to 18)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from sqlalchemy import select

from assessment.adapters.db import tables
from assessment.adapters.db.obligations import PLACE
from assessment.adapters.http.lists import visible
from assessment.adapters.http.shapes.returning.outcomes import OutcomesOut, cells_out
from assessment.domain.returning.outcomes import K, cells, per_person, things
from shared.http.exact import Day
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.kernel.money import yuan

router = APIRouter(prefix="/v1/assessment", tags=["outcomes"])
Filter = Annotated[str, QueryParameter(min_length=1, max_length=120)]
Precision = Literal["exact", "later-changed"]


@router.get("/outcomes", response_model=OutcomesOut, responses=READ_PROBLEMS)
async def read_outcomes(
    read: Annotated[Query, Depends(query("outcome.read"))],
    programme: Filter,
    session: Annotated[str | None, QueryParameter(max_length=120)] = None,
    as_of: Annotated[Day | None, QueryParameter(description="the day counted; today when left out")] = None,
) -> Response:
    """Results, certificates, waivers, achievements and follow-ups, within the caller's sight, as of the day's end."""
    today = read.running.clock.now().astimezone(ZoneInfo(PLACE)).date()
    day = min(as_of or today, today)

    async def rows(table: Any, *names: str) -> list[Any]:
        where = [visible(read, table), table.c.programme == programme]
        where += [table.c.session == session] if session is not None else []
        return await read.all(select(*(table.c[name] for name in names)).where(*where))

    people = await rows(tables.participation, "id", "state")
    results, changed = _results(
        await rows(
            tables.assessment, "participation", "state", "result", "confirmed_on", "past", "opened_on", "attempt"
        ),
        day,
    )
    papers = [
        row for row in await rows(tables.achievement, "kind", "standing", "phase", "verified_on", "state", "participation")
        if row.verified_on is not None and row.verified_on <= day and row.state == "verified"
    ]  # fmt: skip
    waivers = _waivers(await rows(tables.waiver, "state", "granted_on", "consumed_on"), day)
    certified = {
        row.participation for row in await rows(tables.certificate, "participation", "issued_on", "revoked_on")
        if row.issued_on is not None and row.issued_on <= day and (row.revoked_on is None or row.revoked_on > day)
    }  # fmt: skip
    visits = await rows(tables.follow_up, "due_on", "until", "found", "recorded_on", "participation")
    whole = len({row.id for row in people if row.state != "left"})
    found = [row.found for row in visits if row.recorded_on is not None and row.recorded_on <= day]
    enough = len({r.participation for r in visits if r.recorded_on is not None and r.recorded_on <= day}) >= K
    return read.answer(
        OutcomesOut(
            programme=programme,
            session=session,
            as_of=day,
            precision="later-changed" if changed else "exact",
            smallest_cell=K,
            trainees=whole if whole == 0 or whole >= K else None,
            results=cells_out(cells(results, whole)),
            certificates=cells_out(cells({"certified": len(certified)}, whole)),
            waivers=cells_out(cells(waivers, sum(waivers.values()))),
            achievements=cells_out(things((row.kind for row in papers), whole)),
            standings=cells_out(things((f"{row.kind}.{row.standing}" for row in papers), whole)),
            phases=cells_out(things((row.phase for row in papers), whole)),
            achievements_each=per_person(len(papers), whole) if whole >= K else None,
            follow_ups=cells_out(
                things(
                    (
                        "recorded" if r.recorded_on is not None and r.recorded_on <= day
                        else "overdue" if r.until < day else "due"
                        for r in visits if r.due_on <= day
                    ),
                    whole,
                )
            ),
            posts=cells_out(cells(Counter(each["post"] for each in found), len(found))),
            projects=sum(each["projects"] for each in found) if enough else None,
            funds=yuan(sum(each["funds"] for each in found)) if enough else None,
            training_days=sum(each["training_days"] for each in found) if enough else None,
        )
    )  # fmt: skip


def _results(rows: list[Any], day: date) -> tuple[dict[str, int], bool]:
    """What was confirmed on ``day``, from the past results where another came later; whether anything changed since."""
    counted, changed = {"pass": 0, "fail": 0, "open": 0}, False
    for row in rows:
        if row.state == "void" or row.opened_on > day:
            continue
        said = [(past["confirmed_on"], past["result"]["outcome"]) for past in row.past]
        stands = row.state in ("confirmed", "appealed") or (row.state == "decided" and not _upheld(row))
        if stands and row.confirmed_on is not None:
            said.append((row.confirmed_on.isoformat(), row.result["outcome"]))
        known = [outcome for on, outcome in said if on is not None and on <= day.isoformat()]
        counted[known[-1] if known else "open"] += 1
        changed = changed or any(on is not None and on > day.isoformat() for on, _ in said)
    return counted, changed


def _upheld(row: Any) -> bool:
    """True when an upheld appeal put another result in its place, which waits for confirmation."""
    return bool(row.past) and row.past[-1]["why"] == "appeal" and row.past[-1]["attempt"] == row.attempt


def _waivers(rows: list[Any], day: date) -> dict[str, int]:
    used = sum(row.consumed_on is not None and row.consumed_on <= day for row in rows)
    granted = sum(row.granted_on <= day for row in rows)
    return {"used": used, "unused": granted - used}
