"""Files through the gateway: what is too large or no sheet is refused at the door, and quickly."""

from __future__ import annotations

import io
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from talent_local.cohort.cohort import SMALL
from talent_local.cohort.road import persons
from talent_local.cohort.road.progress import Progress
from talent_local.cohort.run import SEED, door_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

MIB = 1024 * 1024
CSV, MACRO = "text/csv", "application/vnd.ms-excel.sheet.macroEnabled.12"


@pytest.fixture
async def send(carried: Any) -> AsyncIterator[Any]:
    """Sends a body to the imports of the cohort's call."""
    call = Progress.read(carried.home, SEED, SMALL.applicants).known["call"]
    async with door_of(carried.home) as door, aiohttp.ClientSession() as session:
        token = await door.token(persons.REGIONAL)

        async def sent(content: Any, kind: str, **headers: str) -> tuple[int, dict[str, Any]]:
            url = f"{door.gateway}/v1/selection/calls/{call}/imports"
            said = {"authorization": f"Bearer {token}", "content-type": kind, **headers}
            async with session.post(
                url, data=io.BytesIO(content) if isinstance(content, bytes) else content, headers=said
            ) as answer:
                return answer.status, await answer.json()

        yield sent


async def test_what_is_too_large_is_refused_before_it_is_read(send: Any) -> None:
    """200 MB are refused by their declared length."""
    began = time.monotonic()

    async def nothing() -> AsyncIterator[bytes]:
        yield b"name_zh"

    status, problem = await send(nothing(), CSV, **{"content-length": str(200 * MIB)})

    assert (status, problem["status"]) == (413, 413)
    assert time.monotonic() - began < 5


async def test_nineteen_megabytes_pass_the_door_and_macros_do_not(send: Any) -> None:
    """A large sheet reaches the service, which says that the call is closed; a macro file is refused by its type."""
    large, refused = await send(b"name_zh\r\n" + b"x\r\n" * (19 * MIB // 3), CSV), await send(b"PK", MACRO)

    assert (large[0], large[1]["code"]) == (409, "call-not-open")
    assert (refused[0], refused[1]["code"]) == (415, "macro-file")
