"""Observations as a sheet: the same edition as the JSON gives, and every wrong cell named at once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook
from sqlalchemy import text

from gateway.adapters.statistics.sheet import COLUMNS
from gateway.testing.stage import Stage

SICHUAN = Path(__file__).parents[4] / "programmes" / "observations" / "sichuan-secondment.yaml"
HEADER = ",".join(column.code for column in COLUMNS)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMED = {"dataset": "sheet-test", "programme": "sichuan-two-way-secondment", "citation": "S3"}


@pytest.fixture
async def empty(stage: Stage) -> Stage:
    """A stage without observations."""
    async with stage.engine.begin() as connection:
        await connection.execute(text("TRUNCATE observation_set"))
    return stage


async def send(stage: Stage, content: bytes, kind: str = "text/csv", role: str = "operator", **more: Any) -> Any:
    headers = stage.bearer(role) | {"content-type": kind} | more.pop("headers", {})
    return await stage.client.post("/v1/observations/sheet", content=content, params=NAMED | more, headers=headers)


def lines(rows: list[dict[str, Any]]) -> list[list[str]]:
    """The cells of rows as the file holds them."""
    made = []
    for row in rows:
        said = row | {"dimensions": " ".join(f"{name}={code}" for name, code in row.get("dimensions", {}).items())}
        made.append([str(said.get(column.code, "")) for column in COLUMNS])
    return made


async def test_a_sheet_loads_the_edition_that_the_json_loads(empty: Stage) -> None:
    """Same rows, same content hash, as .csv and as .xlsx; the second is the same edition already."""
    stated = yaml.safe_load(SICHUAN.read_text("utf-8"))
    named = {"citation": stated["citation"]}
    made = lines(stated["rows"])
    book = Workbook()
    page = book.active
    assert page is not None
    page.append([column.code for column in COLUMNS])
    for cells in made:
        page.append(cells)
    kept = io.BytesIO()
    book.save(kept)

    by_json = await empty.client.post("/v1/observations", json=stated, headers=empty.bearer("operator"))
    by_csv = await send(empty, "\n".join([HEADER, *map(",".join, made)]).encode(), **named)
    by_book = await send(empty, kept.getvalue(), XLSX, **named)

    assert (by_json.status_code, by_csv.status_code) == (201, 201), by_csv.text
    assert by_csv.json()["content_hash"] == by_json.json()["content_hash"]
    assert by_csv.json()["rows"] == by_json.json()["rows"]
    assert (by_book.status_code, by_book.json()["code"]) == (409, "same-edition")


async def test_every_wrong_cell_is_named_at_once(empty: Stage) -> None:
    """Cells that cannot be read, values that do not fit, dimensions without code; nothing is loaded."""
    content = f"{HEADER}\nx,2023,,persons,,,\nx,2023,5,people,,,\nx y,2023,5,persons,,,\nx,2023,5,persons,,,batch\n"

    english = await send(empty, content.encode())
    chinese = await send(empty, content.encode(), headers={"accept-language": "zh-CN"})

    assert (english.status_code, english.json()["code"]) == (400, "sheet-wrong")
    assert [error["pointer"] for error in english.json()["errors"]] == ["/csv/C2", "/csv/D3", "/csv/A4", "/csv/G5"]
    assert chinese.json()["errors"][0]["detail"] != english.json()["errors"][0]["detail"]
    listed = await empty.client.get("/v1/observations", headers=empty.bearer("auditor"))
    assert listed.json()["items"] == []


async def test_rules_of_numbers_are_told_by_cell(empty: Stage) -> None:
    """What the rules refuse of the rows together points to the cells, too."""
    content = f"{HEADER}\nx,2023,5.5,persons,,,\nx,2022,101,percent,,,\nx,2023,6,persons,,,\n"

    refused = await send(empty, content.encode())

    assert (refused.status_code, refused.json()["code"]) == (422, "observations-rejected")
    told = {(error["pointer"], error["code"]) for error in refused.json()["errors"]}
    assert {("/csv/C2", "not-whole"), ("/csv/C3", "not-a-share"), ("/csv/D3", "mixed-units")} <= told
    assert any(code == "stated-twice" for _, code in told)


@pytest.mark.parametrize(
    ("content", "kind", "role", "status", "code"),
    [
        (b"", "text/csv", "operator", 400, "bad-header"),
        (HEADER.encode(), "text/csv", "operator", 400, "sheet-wrong"),
        (b"a,b\n1,2\n", "text/csv", "operator", 400, "bad-header"),
        (b"PK\x03\x04broken", XLSX, "operator", None, None),
        (b"x", "image/png", "operator", 415, "not-a-sheet"),
        (HEADER.encode(), "text/csv", "applicant", 403, "wrong-role"),
        (HEADER.encode(), "text/csv", "agency", 403, "wrong-role"),
    ],
)
async def test_other_files_and_other_people_are_refused(
    empty: Stage, content: bytes, kind: str, role: str, status: int | None, code: str | None
) -> None:
    """Never a 5xx, never an edition."""
    answer = await send(empty, content, kind, role)

    assert 400 <= answer.status_code < 500, answer.text
    if status is not None:
        assert (answer.status_code, answer.json()["code"]) == (status, code)
