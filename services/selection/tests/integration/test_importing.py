"""People arrive by spreadsheet: template, upload, dry run, confirmation, the same file again, taking over."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from selection.adapters.sheets.columns import application_columns
from selection.adapters.sheets.steps import STEPS
from shared.jobs.stepping import Step, run_jobs
from shared.kernel.actor import Actor
from shared.kernel.job import Job
from shared.sheets.columns import Sheet
from shared.sheets.writing import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx


class Desk:
    """An officer's desk: sheets of people go in, reports come out."""

    def __init__(self, road: Any, kit: Any) -> None:
        self.road, self.kit, self.people = road, kit, road.people
        self.columns = application_columns(kit.content("batch-3") | {"codes": self._codes()})

    def _codes(self) -> Any:
        return self.kit.content("batch-3")["codes"] | {
            "focus_areas": [
                {"code": code, "name_zh": code, "name_en": code}
                for code in ("science-innovation", "local-industry", "rural-revitalization")
            ]
        }

    def row(self, number: int, **more: Any) -> dict[str, Any]:
        stated = self.kit.statement(number) | self.kit.person(number)
        row: dict[str, Any] = stated | {
            "unit": self.kit.unit_of(number), "host_preferences": "hosts/H001", "consent": "yes",
            "birth_date": date.fromisoformat(stated["birth_date"]), "county_experience": "yes",
        } | more  # fmt: skip
        return row

    def csv(self, rows: Iterable[dict[str, Any]]) -> bytes:
        return write_csv(self.columns, rows, "en")

    async def upload(
        self, content: bytes, actor: Actor | None = None, kind: str = CSV_TYPE, **more: Any
    ) -> httpx.Response:
        answer: httpx.Response = await self.road.service.call(
            actor or self.people.region, "POST", f"/v1/selection/calls/{self.road.call}/imports", content=content,
            headers={"content-type": kind}, **more,
        )  # fmt: skip
        return answer

    async def checked(self, content: bytes, actor: Actor | None = None, kind: str = CSV_TYPE) -> dict[str, Any]:
        job = await self.road.ok(self.upload(content, actor, kind))
        await self.work()
        done: dict[str, Any] = await self.road.ok(self.road.get(actor or self.people.region, f"/jobs/{job['id']}"))
        return done

    async def work(self) -> None:
        await run_jobs(self.road.service.running, STEPS)

    async def confirmed(self, job: dict[str, Any], actor: Actor | None = None, **body: Any) -> dict[str, Any]:
        by = actor or self.people.region
        await self.road.ok(self.road.post(by, f"/jobs/{job['id']}/confirm", body))
        await self.work()
        done: dict[str, Any] = await self.road.ok(self.road.get(by, f"/jobs/{job['id']}"))
        return done

    async def report(self, job: dict[str, Any], language: str = "en") -> list[dict[str, Any]]:
        headers = {"accept-language": language}
        answer = await self.road.ok(self.road.get(self.people.region, f"/jobs/{job['id']}/report", headers=headers))
        items: list[dict[str, Any]] = answer["items"]
        return items


@pytest.fixture
async def desk(road: Any, kit: Any) -> Desk:
    await road.opened(6)
    return Desk(road, kit)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_sheet_becomes_applications_once(desk: Desk, form: str) -> None:
    """Dry run, confirmation, and the same sheet again: nothing twice, nothing silently changed."""
    rows = [desk.row(number) for number in range(20)]
    sheet = Sheet(name="people", columns=desk.columns, rows=rows)
    content, kind = (desk.csv(rows), CSV_TYPE) if form == "csv" else (write_xlsx([sheet], "zh"), XLSX_TYPE)

    job = await desk.checked(content, kind=kind)
    before = await desk.road.states()
    done = await desk.confirmed(job)
    again = await desk.checked(content, kind=kind)
    changed = await desk.checked(desk.csv([desk.row(0, years_of_service=30)]))

    assert (job["state"], job["counts"]["ok"], job["counts"]["wrong"]) == ("checked", 20, 0)
    assert job["allowed_actions"] == ["cancel", "confirm"]
    assert before == {}
    assert (done["state"], done["counts"]["applied"]) == ("done", 20)
    assert set((await desk.road.states()).values()) == {"submitted"}
    assert len(await desk.road.heard("application.submitted")) == 20
    assert again["counts"] == {"total": 20, "ok": 0, "wrong": 0, "unchanged": 20, "warned": 0}
    assert [each["code"] for each in await desk.report(changed)] == ["row-changed"]


async def test_every_wrong_cell_is_reported_in_both_languages(desk: Desk) -> None:
    """The same validations as for a single application, each at its cell; the file comes back coloured."""
    rows = [
        desk.row(0, identity_number=desk.kit.identity(0)[:17] + ("0" if desk.kit.identity(0)[17] != "0" else "1")),
        desk.row(1, specialty="alchemy"), desk.row(2, unit="cn/54/5401/U0099"), desk.row(3, consent="no"),
        desk.row(4, years_of_service=2, grassroots_years=3), desk.row(5, birth_date=date(2030, 1, 1)), desk.row(6),
        desk.row(6), desk.row(7, phone="=1+1"), desk.row(8, title_level="none"),
        desk.row(9, identity_number=desk.kit.identity(10), name_zh="", birth_date=desk.kit.born(10)),
    ]  # fmt: skip

    job = await desk.checked(desk.csv(rows))
    english, chinese = await desk.report(job), await desk.report(job, "zh")
    refused = await desk.road.post(desk.people.region, f"/jobs/{job['id']}/confirm", {})
    book = await desk.road.get(desk.people.region, f"/jobs/{job['id']}/annotated")
    done = await desk.confirmed(job, leave_out_wrong=True)

    codes = {(each["row"], each["code"]) for each in english}
    assert codes >= {
        (2, "identity-number-check"), (3, "unknown-code"), (4, "unknown-unit"), (5, "consent-missing"),
        (6, "years-contradict"), (7, "birth-date-in-future"), (9, "row-twice"), (10, "bad-phone"), (12, "required"),
    }  # fmt: skip
    assert {each["cell"] for each in english if each["code"] == "unknown-unit"} == {"G4"}
    assert all(a["message"] != b["message"] for a, b in zip(english, chinese, strict=True))
    assert (refused.status_code, refused.json()["code"]) == (422, "rows-wrong")
    page = load_workbook(io.BytesIO(book.content)).worksheets[0]
    assert page["G4"].comment is not None
    assert done["counts"]["applied"] == job["counts"]["ok"]
    assert all("5401" not in str(each["message"]) for each in english)


async def test_what_is_no_sheet_is_refused_at_the_door(desk: Desk) -> None:
    """Type and size are refused at once; nothing is kept of it."""
    macro = "application/vnd.ms-excel.sheet.macroEnabled.12"
    answers = [
        await desk.upload(b"name", kind="application/json"), await desk.upload(b"x", kind=macro),
        await desk.upload(b"\x89PNG....."), await desk.upload(b"PK\x03\x04 broken"), await desk.upload(bytes(21 << 20)),
        await desk.upload(b"x", desk.people.expert()), await desk.upload(b"x", None),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers[:6]] == [415, 415, 415, 400, 413, 403]
    assert await desk.road.service.scalar("SELECT count(*) FROM job_file") == 1
    zh = await desk.upload(b"x", kind="image/png")
    assert zh.json()["code"] == "not-a-sheet"


async def test_a_wrong_header_fails_the_job_and_says_which_columns(desk: Desk) -> None:
    """Nothing of a sheet with a wrong header is read; the job may be restarted or left."""
    job = await desk.checked(b"colour,unit\r\nx,y\r\n")

    assert (job["state"], job["problem"]["code"]) == ("failed", "bad-header")
    assert {each["code"] for each in job["problem"]["errors"]} == {"unknown-column", "column-missing"}
    assert job["allowed_actions"] == ["restart"]


async def test_units_register_their_own_people_and_see_their_own_jobs(desk: Desk) -> None:
    """A unit's officer is told cell by cell of foreign people; other units do not see the job."""
    officer = desk.people.unit("cn/54/5401/U0001")
    mine = [number for number in range(60) if desk.kit.unit_of(number) == officer.organisation][:2]
    rows = [desk.row(mine[0]), desk.row(mine[1], unit="cn/54/5402/U0001")]

    job = await desk.checked(desk.csv(rows), officer)
    other = await desk.road.get(desk.people.unit("cn/54/5402/U0001"), f"/jobs/{job['id']}")
    taken = await desk.road.post(desk.people.unit("cn/54/5402/U0001"), f"/jobs/{job['id']}/confirm", {})

    assert (job["counts"]["ok"], job["counts"]["wrong"]) == (1, 1)
    assert (other.status_code, taken.status_code) == (404, 404)


async def test_duplicates_are_reported_and_never_merged(desk: Desk) -> None:
    """An own application stands against a row; a namesake of the same birth and unit is a warning only."""
    await desk.road.submitted(0)
    namesake = desk.row(1, name_zh=desk.row(0)["name_zh"], unit=desk.kit.unit_of(0))
    namesake["birth_date"] = desk.kit.born(0)
    first = f"540102{desk.kit.born(0):%Y%m%d}777"
    namesake["identity_number"] = first + desk.kit.check_digit(first)

    job = await desk.checked(desk.csv([desk.row(0), namesake]))
    done = await desk.confirmed(job, leave_out_wrong=True)

    assert [(each["row"], each["code"]) for each in await desk.report(job)] == [
        (2, "applied-already"), (2, "possible-duplicate"), (3, "possible-duplicate")
    ]  # fmt: skip
    assert done["counts"]["applied"] == 1
    assert await desk.road.service.scalar("SELECT count(*) FROM person") == 2


async def test_a_person_takes_the_application_over_once(desk: Desk) -> None:
    """The code and the identity number together; afterwards it is the person's own (S-03)."""
    job = await desk.confirmed(await desk.checked(desk.csv([desk.row(0)])))
    book = await desk.road.get(desk.people.region, f"/jobs/{job['id']}/claim-codes")
    code = load_workbook(io.BytesIO(book.content)).worksheets[0]["E2"].value
    me = desk.people.applicant(0)

    wrong = await desk.road.post(me, "/claims", {"code": code, "identity_number": desk.kit.identity(1)})
    mine = await desk.road.ok(desk.road.post(me, "/claims", {"code": code, "identity_number": desk.kit.identity(0)}))
    again = await desk.road.post(me, "/claims", {"code": code, "identity_number": desk.kit.identity(0)})

    assert wrong.status_code == 404
    assert (await desk.road.application(mine["id"], me))["state"] == "submitted"
    assert again.status_code == 409


async def test_a_chunk_that_dies_is_done_again_and_nothing_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in the middle leaves whole chunks; going on, cancelling and restarting lose and double nothing."""
    monkeypatch.setattr("selection.adapters.sheets.importing.CHUNK", 4)
    monkeypatch.setattr("selection.adapters.sheets.importing.APPLY_CHUNK", 2)
    job = await desk.checked(desk.csv([desk.row(number) for number in range(10)]))
    await desk.road.ok(desk.road.post(desk.people.region, f"/jobs/{job['id']}/confirm", {}))
    broken = {"applications-import": _stopping(STEPS["applications-import"], 3)}
    await run_jobs(desk.road.service.running, broken)
    between = await desk.road.ok(desk.road.get(desk.people.region, f"/jobs/{job['id']}"))
    await desk.road.ok(desk.road.post(desk.people.region, f"/jobs/{job['id']}/restart"))
    await desk.work()
    second = await desk.confirmed({"id": job["id"]})

    assert between["state"] == "failed"
    assert 0 < between["counts"]["applied"] < 10
    assert second["state"] == "done"
    assert len(await desk.road.states()) == 10
    assert await desk.road.service.scalar("SELECT count(*) FROM job_file") == 0


def _stopping(step: Step, most: int) -> Step:
    calls = 0

    async def limited(work: Any, job: Job) -> None:
        nonlocal calls
        calls += 1
        if calls > most:
            raise RuntimeError("killed for good")
        await step(work, job)

    return limited
