"""Issuing a whole session as a job: each certificate exactly once, whatever dies in between (C-02)."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assessment.adapters.http.tools import tools_of
from assessment.adapters.jobs.steps import STEPS
from assessment.testing.issuing import multiply, plain_settings
from shared.http.problems import Unavailable
from shared.jobs.stepping import run_jobs

BODY = {"programme": "tibet-special-training", "session": "2024"}
MANY = 230
KILLED = int(os.environ.get("ISSUING_KILLED", "1000"))


async def _ready(road: Any, count: int) -> None:
    """``count`` confirmed passes with requested certificates."""
    await road.confirmed({1: "88"})
    async with road.service.running.engine.connect() as connection:
        await multiply(connection, count)


async def _asked(road: Any, **more: Any) -> dict[str, Any]:
    answer = await road.service.post(road.people.issuer, "/v1/assessment/issuings", BODY, **more)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/assessment/jobs/{job['id']}"
    return job


async def _job(road: Any, job: dict[str, Any]) -> dict[str, Any]:
    answer = await road.service.get(road.people.issuer, f"/v1/assessment/jobs/{job['id']}")
    found: dict[str, Any] = answer.json()
    return found


async def _once_each(road: Any, count: int) -> None:
    """Everybody has one certificate, one number, one waiver, one event; numbers run without gaps by participation."""
    scalar = road.service.scalar
    assert await scalar("SELECT count(*) FROM certificate WHERE state = 'issued'") == count
    assert await scalar(
        "SELECT bool_and(substring(number from '-0*([0-9]+)-.$')::int = place) FROM (SELECT number, "
        "row_number() OVER (ORDER BY participation) AS place FROM certificate WHERE state = 'issued') AS numbered"
    )
    assert await scalar("SELECT last FROM number_sequence") == count
    assert await scalar("SELECT count(DISTINCT participation) FROM waiver") == count
    told = [event["participation"] for event in await road.service.outbox("certified")]
    assert len(told) == len(set(told)) == count


async def test_a_job_issues_everything_once_in_order_and_leaves_whom_it_must(road: Any) -> None:
    """Who has no name is left and told, everybody else gets the certificate."""
    await _ready(road, MANY)
    road.names.missing = {road.kit.pid(7), road.kit.pid(150)}

    job = await _asked(road)
    twice = await road.service.post(road.people.issuer, "/v1/assessment/issuings", BODY)
    await run_jobs(road.service.running, STEPS)

    assert (twice.status_code, twice.json()["code"]) == (409, "issuing-already")
    done = await _job(road, job)
    assert (done["state"], done["counts"]) == ("done", {"total": MANY, "applied": MANY - 2, "wrong": 2})
    left = await road.service.get(road.people.issuer, f"/v1/assessment/jobs/{job['id']}/left", params={"limit": 1})
    assert left.json()["items"][0] | {"detail": ""} == {
        "participation": str(road.kit.pid(7)), "code": "name-missing", "detail": "",
    }  # fmt: skip
    rest = await road.service.get(
        road.people.issuer, f"/v1/assessment/jobs/{job['id']}/left", params={"after": left.json()["next_after"]}
    )
    assert [row["participation"] for row in rest.json()["items"]] == [str(road.kit.pid(150))]
    await _once_each(road, MANY - 2)
    assert max(size for size, _ in road.names.asked) == 100

    road.names.missing = set()
    again = await _asked(road, key="second")
    await run_jobs(road.service.running, STEPS)
    assert (await _job(road, again))["counts"] == {"total": 2, "applied": 2, "wrong": 0}
    assert await road.service.scalar("SELECT count(*) FROM certificate WHERE state = 'issued'") == MANY


async def test_a_job_waits_for_selection_and_goes_on(road: Any) -> None:
    """Nothing fails because another service is away; what was issued stays."""
    await _ready(road, 3)
    kept, asked = tools_of(road.service.running).names, 0

    class Away:
        async def names(self, *given: Any, **named: Any) -> Any:
            nonlocal asked
            asked += 1
            if asked < 3:
                raise Unavailable("names-unavailable", "The names cannot be read right now; try again.")
            return await kept.names(*given, **named)

    tools_of(road.service.running).names = Away()
    job = await _asked(road)
    await run_jobs(road.service.running, STEPS)
    tools_of(road.service.running).names = kept

    assert (await _job(road, job))["counts"]["applied"] == 3

    nothing = await road.service.post(road.people.issuer, "/v1/assessment/issuings", BODY)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing-to-issue")


@pytest.mark.parametrize(("who", "status"), [("ministry", 403), ("assessor", 403), ("operator", 403)])
async def test_only_the_issuer_may(road: Any, who: str, status: int) -> None:
    """C-02: the ministry's issuer, nobody else."""
    await _ready(road, 2)

    answer = await road.service.post(getattr(road.people, who), "/v1/assessment/issuings", BODY)

    assert answer.status_code == status


async def test_a_foreign_job_is_not_there(road: Any) -> None:
    """Jobs belong to the organisation that asked."""
    await _ready(road, 2)
    job = await _asked(road)
    stranger = road.people.issuer.__class__("x", "cn/54", road.people.issuer.roles)

    for path in (f"/v1/assessment/jobs/{job['id']}", f"/v1/assessment/jobs/{job['id']}/left"):
        assert (await road.service.get(stranger, path)).status_code == 404
    stopped = await road.service.post(road.people.issuer, f"/v1/assessment/jobs/{job['id']}/cancel", {})
    assert stopped.json()["state"] == "cancelled"


@pytest.mark.timeout(900)
async def test_killed_at_any_moment_each_is_issued_once(road: Any, tmp_path: Path) -> None:
    """``kill -9`` of the process that issues, again and again: the books are as if nothing had happened."""
    await _ready(road, KILLED)
    job = await _asked(road)
    settings = tmp_path / "settings.json"
    settings.write_text(plain_settings(road.service.running.settings))
    random, killed = Random(7), 0
    issued = "SELECT count(*) FROM certificate WHERE state = 'issued'"

    while (await _job(road, job))["state"] not in {"done", "failed"}:
        before = await road.service.scalar(issued)
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "assessment.testing.issuing", str(settings)
        )  # fmt: skip
        ended = asyncio.create_task(child.wait())
        wanted = before + random.randrange(0, 3 * KILLED // 10)
        while not ended.done() and await road.service.scalar(issued) <= wanted:
            await asyncio.wait([ended], timeout=random.uniform(0.001, 0.05))
        if not ended.done():
            child.send_signal(signal.SIGKILL)
            killed += 1
        await ended

    assert killed >= 3
    assert (await _job(road, job))["counts"]["applied"] == KILLED
    await _once_each(road, KILLED)
