"""Printing a whole session as a job: each paper in one part, whatever dies in between (C-02)."""

from __future__ import annotations

import asyncio
import io
import signal
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from assessment.adapters.http.tools import tools_of
from assessment.adapters.jobs.printing import PrintingStep
from assessment.adapters.jobs.steps import STEPS
from assessment.testing.issuing import plain_settings
from assessment.usecases.certifying.start_printing import PRINT
from shared.jobs.stepping import run_jobs

BODY = {"programme": "tibet-special-training", "session": "2024"}
ROUTE = "/v1/assessment/printings"


async def asked(road: Any, **more: Any) -> dict[str, Any]:
    """Start a job."""
    answer = await road.service.post(road.people.issuer, ROUTE, BODY, **more)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    return job


async def state(road: Any, job: dict[str, Any]) -> dict[str, Any]:
    """The job as it stands."""
    found: dict[str, Any] = (await road.service.get(road.people.issuer, f"/v1/assessment/jobs/{job['id']}")).json()
    return found


async def part(road: Any, job: dict[str, Any], number: int, who: Any = None) -> Any:
    """Fetch a part."""
    return await road.service.get(who or road.people.issuer, f"{ROUTE}/{job['id']}/parts/{number}")


def files(content: bytes) -> dict[str, bytes]:
    """What is in a ZIP, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def test_a_session_is_printed_in_parts(road: Any) -> None:
    """What counts, in the order of the numbers; what does not count is not printed; every print is written down."""
    certificates = await road.certified(1, 2, 3, 4)
    path = f"/v1/assessment/certificates/{certificates[1]['id']}"
    assert (await road.service.post(road.people.issuer, f"{path}/suspend", {})).status_code == 200

    job = await asked(road)
    twice = await road.service.post(road.people.issuer, ROUTE, BODY)
    await run_jobs(road.service.running, STEPS | {PRINT: PrintingStep(2)})

    assert (twice.status_code, twice.json()["code"]) == (409, "printing-already")
    done = await state(road, job)
    assert (done["state"], done["counts"]) == ("done", {"total": 3, "applied": 3, "wrong": 0, "parts": 2})
    parts = [await part(road, job, number) for number in (1, 2)]
    assert [list(files(one.content)) for one in parts] == [
        [f"{certificates[0]['number']}.pdf", f"{certificates[2]['number']}.pdf"], [f"{certificates[3]['number']}.pdf"],
    ]  # fmt: skip
    assert {one.headers["content-type"] for one in parts} == {"application/zip"}
    assert all(paper.startswith(b"%PDF-1.7") for one in parts for paper in files(one.content).values())
    assert (await part(road, job, 3)).json()["code"] == "no-such-part"
    noted = "SELECT count(*) FROM audit WHERE action = '{}' AND outcome = 'done'"
    assert await road.service.scalar(noted.format("certificate.hand-out")) == 3
    assert await road.service.scalar(noted.format("printing.fetch")) == 2
    held = "SELECT count(*) FROM job_file WHERE position('%PDF'::bytea IN content) > 0"
    assert await road.service.scalar(held) == 0


async def test_what_changes_meanwhile_is_left_out_and_told(road: Any) -> None:
    """Revoked after its paper was set and before the part was kept: the paper is not handed out."""
    first, second = await road.certified(1, 2)
    job = await asked(road)

    class Revoking(PrintingStep):
        async def fetch(self, running: Any, job: Any) -> Any:
            chunk = await super().fetch(running, job)
            if chunk.count:
                path = f"/v1/assessment/certificates/{second['id']}/revoke"
                await road.service.post(road.people.issuer, path, {"reason": "fraud"})
            return chunk

    await run_jobs(road.service.running, STEPS | {PRINT: Revoking()})

    left = await road.service.get(road.people.issuer, f"/v1/assessment/jobs/{job['id']}/left")
    assert [(row["participation"], row["code"]) for row in left.json()["items"]] == [
        (second["participation"], "changed-meanwhile")
    ]
    assert list(files((await part(road, job, 1)).content)) == [f"{first['number']}.pdf"]


@pytest.mark.parametrize(("who", "status"), [("ministry", 403), ("assessor", 403), ("trainee", 403), ("operator", 403)])
async def test_only_the_issuer_prints_and_fetches(road: Any, who: str, status: int) -> None:
    await road.certified(1)
    job = await asked(road)
    person = getattr(road.people, who)

    assert (await road.service.post(person, ROUTE, BODY)).status_code == status
    assert (await part(road, job, 1, person)).status_code == status
    stranger = road.people.issuer.__class__("x", "cn/54", road.people.issuer.roles)
    assert (await part(road, job, 1, stranger)).status_code == 404


async def test_bad_input_is_refused_in_both_languages(road: Any) -> None:
    """No certificate, no session, another member; nothing is queued."""
    post, issuer = road.service.post, road.people.issuer
    for locale, word in (("zh", "没有可打印"), ("en", "No certificate")):
        answer = await post(issuer, ROUTE, BODY, headers={"accept-language": locale})
        assert (answer.status_code, answer.json()["code"], word in answer.json()["detail"]) == (
            409,
            "nothing-to-print",
            True,
        )
    for body in ({}, BODY | {"session": ""}, BODY | {"copies": 2}, BODY | {"programme": 7}):
        assert (await post(issuer, ROUTE, body)).status_code == 400
    assert await road.service.scalar("SELECT count(*) FROM job") == 0


@pytest.mark.timeout(300)
async def test_killed_at_any_moment_each_is_printed_once(road: Any, tmp_path: Path) -> None:
    """``kill -9`` of the process that prints, after each part: no paper twice, none missing, each written down once."""
    count = 8
    certificates = await road.certified(*range(1, count + 1))
    job, settings = await asked(road), tmp_path / "settings.json"
    settings.write_text(plain_settings(road.service.running.settings))
    kept, killed = "SELECT count(DISTINCT part) FROM job_file", 0

    while (await state(road, job))["state"] not in {"done", "failed"}:
        before = await road.service.scalar(kept)
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "assessment.testing.issuing", str(settings), "2"
        )
        ended = asyncio.create_task(child.wait())
        while not ended.done() and (await road.service.scalar(kept) == before or killed >= 2):
            await asyncio.wait([ended], timeout=0.02)
        if not ended.done():
            child.send_signal(signal.SIGKILL)
            killed += 1
        await ended

    assert killed == 2
    assert (await state(road, job))["counts"] == {"total": count, "applied": count, "wrong": 0, "parts": 4}
    names = [name for number in range(1, 5) for name in files((await part(road, job, number)).content)]
    assert names == [f"{one['number']}.pdf" for one in certificates]
    noted = "SELECT count(*) FROM audit WHERE action = 'certificate.hand-out' AND details ->> 'what' = 'paper'"
    assert await road.service.scalar(noted) == count
    assert len(tools_of(road.service.running).presses) == 2
