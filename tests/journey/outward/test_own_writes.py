"""Who writes sees it at once, and who watches misses nothing and sees nothing twice, through the gateway as it runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from talent_local.client import origin, token
from talent_local.cohort.road import persons
from talent_local.cohort.road.persons import Person

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

SECONDS = 90.0


@pytest.fixture
async def client(carried: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=origin(carried.home, "gateway"), timeout=60, trust_env=False) as found:
        yield found


def bearer(carried: Any, person: Person) -> dict[str, str]:
    form = {"subject": person.account, "roles": person.roles, "organisation": person.organisation}
    return {"authorization": f"Bearer {token(carried.home, **form)}"}


async def a_certificate(client: httpx.AsyncClient, headers: dict[str, str]) -> dict[str, Any]:
    """One that is in force."""
    page = (await client.get("/v1/assessment/certificates", params={"limit": 100}, headers=headers)).json()
    return next(one for one in page["items"] if "suspend" in one["allowed_actions"])


async def act(client: httpx.AsyncClient, headers: dict[str, str], certificate: str, verb: str) -> httpx.Response:
    answer = await client.post(f"/v1/assessment/certificates/{certificate}/{verb}", json={}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def test_what_one_wrote_is_in_what_one_reads_next(client: httpx.AsyncClient, carried: Any) -> None:
    """Write, take the ids that the answer names, read with them: the read holds the write, also in the list."""
    issuer, reader = bearer(carried, persons.ISSUER), bearer(carried, persons.OPERATOR)
    found = await a_certificate(client, issuer)
    path = f"/v1/journeys/{found['participation']}"

    async def written_and_read(verb: str) -> tuple[httpx.Response, str]:
        written = await act(client, issuer, found["id"], verb)
        named = written.headers["published-events"]
        read = await client.get(path, params={"after": named, "wait": 5000}, headers=reader)
        feed = await client.get(
            "/v1/events", params={"participation": found["participation"], "limit": 200}, headers=reader
        )
        assert set(named.replace(" ", "").split(",")) <= {item["id"] for item in feed.json()["items"]}
        return read, named

    suspended, _ = await written_and_read("suspend")
    read, named = await written_and_read("reinstate")
    unchanged = await client.get(
        path, params={"after": named}, headers=reader | {"if-none-match": read.headers["etag"]}
    )
    unknown = await client.get(
        path, params={"after": "01900000-0000-7000-8000-000000000000", "wait": 0}, headers=reader
    )

    for answer, state in ((suspended, "suspended"), (read, "issued")):
        assert (answer.status_code, answer.headers["projection"]) == (200, "fresh")
        assert answer.json()["sections"]["certificate"]["state"] == state
    assert (unchanged.status_code, unchanged.headers["projection"]) == (304, "fresh")
    assert (unknown.status_code, unknown.headers["projection"]) == (200, "behind")


async def frames(
    client: httpx.AsyncClient, headers: dict[str, str], most: int, **query: str
) -> list[tuple[str, dict[str, Any]]]:
    """Up to ``most`` events of the stream with their ids; then the connection is dropped, in the middle of what follows."""
    found: list[tuple[str, dict[str, Any]]] = []
    async with (
        asyncio.timeout(SECONDS),
        client.stream("GET", "/v1/events/stream", params=query, headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        id = ""
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            id = value if name == "id" else id
            if name == "data":
                found.append((id, json.loads(value)))
            if len(found) == most:
                break
    return found


async def test_a_stream_that_breaks_goes_on_where_it_was(client: httpx.AsyncClient, carried: Any) -> None:
    """Dropped again and again, also while something new happens: no gap, no event twice, the order of the feed."""
    issuer, reader = bearer(carried, persons.ISSUER), bearer(carried, persons.AUDITOR)
    first = (await client.get("/v1/events", params={"limit": 1}, headers=reader)).json()
    certificate = (await a_certificate(client, issuer))["id"]
    seen: list[str] = []
    at = first["next_cursor"]
    for most in (1, 7, 150):
        got = await frames(client, reader | {"last-event-id": at}, most)
        seen += [event["id"] for _, event in got]
        at = got[-1][0]
    written = [await act(client, issuer, certificate, "suspend"), await act(client, issuer, certificate, "reinstate")]
    wanted: list[str] = []
    cursor = first["next_cursor"]
    awaited = {id.strip() for one in written for id in one.headers["published-events"].split(",")}
    async with asyncio.timeout(SECONDS):
        while not awaited <= set(wanted):
            page = (
                await client.get("/v1/events", params={"cursor": cursor, "limit": 200, "wait": 5}, headers=reader)
            ).json()
            wanted += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
    rest = await frames(client, reader | {"last-event-id": at}, len(wanted) - len(seen), cursor=first["next_cursor"])
    seen += [event["id"] for _, event in rest]

    assert len(wanted) > 150
    assert seen == wanted
    assert len(set(seen)) == len(seen)
