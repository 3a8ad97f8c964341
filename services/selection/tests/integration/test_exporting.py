"""Exports: what the caller may read, neutralised, by purpose, in the audit trail."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from selection.adapters.sheets.steps import STEPS
from shared.jobs.stepping import run_jobs


async def exported(road: Any, actor: Any, **body: Any) -> Any:
    """The file of an export."""
    asked = {"session": road.session, "what": "applications", "purpose": "case-handling", "format": "csv"} | body
    job = await road.ok(road.post(actor, "/exports", asked))
    await run_jobs(road.service.running, STEPS)
    answer = await road.get(actor, f"/jobs/{job['id']}/result")
    assert answer.status_code == 200, answer.text
    return answer


def lines(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_officers_export_what_they_may_read(road: Any, kit: Any) -> None:
    """The region gets everybody, a unit its own people, a prefecture those it reviews; each export is audited."""
    await road.opened(6)
    ids = [await road.drafted(number) for number in range(20)]
    unit = kit.unit_of(0)
    mine = {id for id in ids if road.units[id] == unit}

    all_of_them = lines(await exported(road, road.people.region, language="en"))
    units = lines(await exported(road, road.people.unit(unit), language="en"))
    locals_ = lines(await exported(road, road.people.reviewer("cn/54/5401"), language="en"))
    audited = await road.service.scalar("SELECT count(*) FROM audit WHERE action IN ('export.start', 'job.download')")

    assert {row["Application"] for row in all_of_them} == set(ids)
    assert {row["Application"] for row in units} == mine
    assert {row["Unit"].rpartition("/")[0] for row in locals_} == {"cn/54/5401"}
    assert audited >= 6
    assert not any("identity" in name.lower() or "phone" in name.lower() for name in all_of_them[0])


async def test_statistics_name_nobody_and_formulas_are_text(road: Any, kit: Any) -> None:
    """Columns by purpose; a name that begins as a formula stays a text in both forms."""
    await road.opened(6)
    await road.drafted(0, person=kit.person(0, name_zh="=cmd|1"))

    plain = lines(await exported(road, road.people.region, purpose="statistics", language="en"))
    named = lines(await exported(road, road.people.region, language="en"))
    book = load_workbook(io.BytesIO((await exported(road, road.people.region, format="xlsx")).content))

    assert not {"Name", "Application"} & set(plain[0])
    assert named[0]["Name"] == "'=cmd|1"
    assert book["applications"]["B2"].data_type == "s"


async def test_roster_and_scores_follow_their_own_rules(road: Any) -> None:
    """Scores are for the region and the auditor; a unit may export neither, an expert nothing."""
    await road.opened(2)
    await road.ready(3)
    await road.fixed()

    roster = lines(await exported(road, road.people.region, what="roster", language="en"))
    scores = lines(await exported(road, road.people.region, what="scores", language="en"))
    body = {"session": road.session, "what": "scores", "purpose": "statistics"}
    refused = [
        await road.post(actor, "/exports", body)
        for actor in (road.people.unit("cn/54/5401/U0001"), road.people.expert(), road.people.ministry)
    ]

    assert [row["State"] for row in roster][:2] == ["selected", "selected"]
    assert len(scores) == 9
    assert [answer.status_code for answer in refused] == [403, 403, 403]


@pytest.mark.parametrize("state", ["before", "foreign"])
async def test_a_result_is_there_when_it_is_ready_and_for_its_organisation(road: Any, state: str) -> None:
    """409 until the file is written; 404 for others."""
    await road.opened(2)
    body = {"session": road.session, "what": "applications", "purpose": "statistics"}
    job = await road.ok(road.post(road.people.region, "/exports", body))
    actor = road.people.region if state == "before" else road.people.reviewer("cn/54/5401")

    answer = await road.get(actor, f"/jobs/{job['id']}/result")

    assert answer.status_code == (409 if state == "before" else 404)
