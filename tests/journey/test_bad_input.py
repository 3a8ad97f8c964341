"""Every changing route of the published interface refuses bad input with the right problem and no side effect."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
import pytest

from talent_local.cohort.effects import effects, more
from talent_local.cohort.road.door import Door
from talent_local.cohort.road.persons import Person
from talent_local.cohort.run import door_of
from talent_local.cohort.specimens import Operation, operations, specimen
from talent_local.issuer.seed import GRANTABLE

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

EVERYBODY = Person("acc-everybody", " ".join(sorted(GRANTABLE)), "cn/54")
NOBODY = Person("acc-nobody", "", "cn/54")
"""Somebody with an account and no role: in no row that guards a command."""

FOR_ALL = {"/v1/view-links"}
"""Commands that every signed-in person may give, about what the person may see."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    kind: str
    body: Any


@dataclass(frozen=True, slots=True)
class Asking:
    """The published interface and a client that sends exactly what it is told."""

    document: dict[str, Any]
    door: Door
    session: aiohttp.ClientSession

    @property
    def operations(self) -> list[Operation]:
        return list(operations(self.document))

    async def send(self, operation: Operation, person: Person | None, content: bytes, **more: str) -> Answer:
        headers = {"content-type": "application/json"} | {name.replace("_", "-"): value for name, value in more.items()}
        if operation.conditional:
            headers = {"if-match": '"v1"'} | headers
        if person is not None:
            headers["authorization"] = f"Bearer {await self.door.token(person)}"
        url = self.door.gateway + operation.path
        async with self.session.request(operation.method, url, data=content, headers=headers) as response:
            body = orjson.loads(await response.read() or b"null")
            return Answer(response.status, response.content_type, body)

    def fitting(self, operation: Operation) -> Any:
        return {} if operation.schema is None else specimen(self.document, operation.schema)


@pytest.fixture(scope="module")
async def asking(carried: Any) -> AsyncIterator[Asking]:
    async with door_of(carried.home) as door, aiohttp.ClientSession() as session:
        document = await door.get(None, "/openapi.json")
        before = await asyncio.to_thread(effects, carried.home)
        yield Asking(document, door, session)
    assert more(before, await asyncio.to_thread(effects, carried.home)) == {}, "bad input has left something behind"


async def _each(
    asking: Asking,
    subtests: Any,
    person: Person | None,
    content: Callable[[Operation], bytes | None],
    expected: int,
    **headers: str,
) -> None:
    """Ask every operation for which there is content."""
    for operation in asking.operations:
        sent = content(operation)
        if sent is None:
            continue
        with subtests.test(operation=str(operation)):
            answer = await asking.send(operation, person, sent, **headers)
            assert (answer.status, answer.kind) == (expected, "application/problem+json"), answer
            assert {"type", "title", "status", "code", "detail"} <= set(answer.body)
            assert answer.status in operation.statuses


async def test_the_interface_of_all_services_is_published(asking: Asking) -> None:
    """One contract: a hundred changing operations, each with a JSON body that refuses what it does not know."""
    prefixes = {operation.template.split("/")[2] for operation in asking.operations}
    assert {"selection", "placement", "assessment", "funding"} <= prefixes
    assert [str(operation) for operation in asking.operations if operation.schema is None] == []


async def test_nobody_gets_in_without_a_token(asking: Asking, subtests: Any) -> None:
    """No token: 401."""
    await _each(asking, subtests, None, lambda operation: None if operation.public else b"{}", 401)


async def test_a_role_that_no_rule_names_is_refused(asking: Asking, subtests: Any) -> None:
    """A wrong role: 403, before anything about the thing or the body is told."""
    await _each(
        asking,
        subtests,
        NOBODY,
        lambda operation: (
            None if operation.public or operation.template in FOR_ALL else _json(asking.fitting(operation))
        ),
        403,
    )


async def test_what_is_no_json_is_refused(asking: Asking, subtests: Any) -> None:
    """Broken JSON: 400."""
    await _each(asking, subtests, EVERYBODY, lambda _: b'{"items": [', 400)


async def test_a_member_that_nobody_knows_is_refused(asking: Asking, subtests: Any) -> None:
    """An unknown member: 400, and the problem names it."""
    for operation in asking.operations:
        with subtests.test(operation=str(operation)):
            content = _json(asking.fitting(operation) | {"member_nobody_knows": 1})
            answer = await asking.send(operation, EVERYBODY, content)
            assert (answer.status, answer.kind) == (400, "application/problem+json"), answer
            assert "member_nobody_knows" in orjson.dumps(answer.body).decode(), answer.body


async def test_a_thing_that_is_not_there_is_not_found(asking: Asking, subtests: Any) -> None:
    """An unknown id in the address: 404 to a body that fits, whoever asks."""
    await _each(
        asking,
        subtests,
        EVERYBODY,
        lambda operation: _json(asking.fitting(operation)) if operation.named else None,
        404,
    )


@pytest.mark.parametrize("header", [{"if_match": "not-an-etag"}, {"idempotency_key": "k" * 256}])
async def test_a_version_or_key_that_is_none_is_refused(asking: Asking, subtests: Any, header: dict[str, str]) -> None:
    """An If-Match that this interface never gave, a key that is too long: 400, even where the body fits."""

    def content(operation: Operation) -> bytes | None:
        own = operation.public or operation.template in FOR_ALL
        return None if own else _json(asking.fitting(operation))

    await _each(asking, subtests, EVERYBODY, content, 400, **header)


def _json(value: Any) -> bytes:
    return orjson.dumps(value)
