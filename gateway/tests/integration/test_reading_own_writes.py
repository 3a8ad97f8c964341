"""Reading one's own writes: reads wait for events by id, and say whether they saw them."""

from __future__ import annotations

import asyncio
import time
from uuid import uuid4

import pytest

from gateway.testing.stage import Stage
from gateway.testing.stories import PROGRAMME, SESSION, participation, story, woven

PATHS = [f"/v1/journeys/{participation(1)}", "/v1/journeys", f"/v1/boards/{PROGRAMME}/{SESSION}"]


@pytest.mark.parametrize("path", PATHS)
async def test_a_read_waits_for_an_event_that_comes_late(path: str, stage: Stage) -> None:
    """The event arrives while the read waits; the answer has seen it."""
    arrivals = woven(story(1), [])
    awaited = arrivals[-1].event_id
    query = {"after": f"{arrivals[0].event_id}, {awaited}", "wait": "5000"}
    reading = asyncio.create_task(stage.client.get(path, params=query, headers=stage.bearer("auditor")))
    await asyncio.sleep(0.3)

    assert not reading.done()
    await stage.arrive(arrivals)
    answer = await reading

    assert (answer.status_code, answer.headers["projection"]) == (200, "fresh")
    assert participation(1) in answer.text or answer.json()["total"] == 1


async def test_a_read_that_waits_in_vain_answers_as_things_are(stage: Stage) -> None:
    """No error: what is known, and the word that it is behind; half of the events is not all of them."""
    arrivals = woven(story(1), [])
    await stage.arrive(arrivals)
    query = {"after": f"{arrivals[0].event_id},{uuid4()}", "wait": "150"}
    began = time.monotonic()

    answer = await stage.client.get(PATHS[0], params=query, headers=stage.bearer("auditor"))
    unnamed = await stage.client.get(PATHS[0], headers=stage.bearer("auditor"))

    assert (answer.status_code, answer.headers["projection"]) == (200, "behind")
    assert answer.json()["sections"]["application"]["as_of"]
    assert time.monotonic() - began < 3
    assert "projection" not in unnamed.headers


@pytest.mark.parametrize("after", ["x", ",".join(str(uuid4()) for _ in range(21))])
async def test_what_is_no_event_is_refused(after: str, stage: Stage) -> None:
    answer = await stage.client.get(
        "/v1/journeys", params={"after": after}, headers=stage.bearer("auditor") | {"accept-language": "zh"}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-after")
    assert "Published-Events" in answer.json()["detail"]


async def test_who_may_not_read_may_not_wait(stage: Stage) -> None:
    began = time.monotonic()

    answer = await stage.client.get(
        "/v1/journeys", params={"after": str(uuid4()), "wait": "5000"}, headers=stage.bearer("panel_expert")
    )

    assert answer.status_code == 403
    assert time.monotonic() - began < 3


async def test_many_who_wait_hold_no_connection(stage: Stage) -> None:
    """More waiting reads than the pool has connections do not keep others from reading."""
    query = {"after": str(uuid4()), "wait": "1500"}
    waiting = [
        asyncio.create_task(stage.client.get("/v1/journeys", params=query, headers=stage.bearer("auditor")))
        for _ in range(25)
    ]
    await asyncio.sleep(0.3)

    other = await stage.client.get("/v1/journeys", headers=stage.bearer("auditor"))
    ended = [task.done() for task in waiting]
    answers = await asyncio.gather(*waiting)

    assert other.status_code == 200
    assert not all(ended)
    assert {answer.headers["projection"] for answer in answers} == {"behind"}


@pytest.mark.parametrize("path", PATHS)
async def test_what_the_caller_has_already_is_304(path: str, stage: Stage) -> None:
    """The tag stays while nothing changed, and changes with the next event."""
    arrivals = woven(story(1), [])
    await stage.arrive(arrivals[:-1])
    first = await stage.client.get(path, headers=stage.bearer("auditor"))

    again = await stage.client.get(path, headers=stage.bearer("auditor") | {"if-none-match": first.headers["etag"]})
    await stage.arrive(arrivals[-1:])
    later = await stage.client.get(path, headers=stage.bearer("auditor") | {"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert later.status_code == 200
    assert later.headers["etag"] != first.headers["etag"]
