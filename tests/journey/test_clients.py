"""Both generated clients do real work on a platform that runs, and the developer's guide does what it says."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gateway.testing.clients import python_client, typescript_client
from shared.testing.node import NODE, environment, run_node
from talent_local.client import origin, token
from talent_local.cohort.cohort import SMALL

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

GUIDE = Path(__file__).parents[2] / "docs" / "frontend.md"
SOMEBODY = {"subject": "acc-frontend-01", "roles": "regional_officer ministry_officer", "organisation": "cn/54"}


def _run(place: Path, script: str, **variables: str) -> str:
    done = subprocess.run(
        [str(NODE), script], cwd=place, env=environment() | variables, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-3000:]
    return done.stdout


async def test_the_first_hour_of_the_guide_works(carried: Any) -> None:
    """Generate, sign in, list, read, act once and not over others, be refused, watch: the blocks as they stand."""
    place = await asyncio.to_thread(typescript_client)
    script = "\n".join(re.findall(r"```ts\n(.*?)```", GUIDE.read_text(), re.DOTALL))
    (place / "src" / "first-hour.ts").write_text(script)
    here = {"BASE_URL": origin(carried.home, "gateway"), "TOKEN": token(carried.home, **SOMEBODY)}

    assert await asyncio.to_thread(run_node, place, "node_modules/typescript/bin/tsc", "-p", ".", seconds=240) == ""
    lines = (await asyncio.to_thread(_run, place, "src/first-hour.ts", **here)).splitlines()

    said = {line.partition(" ")[0]: line.partition(" ")[2] for line in lines}
    stages = dict(re.findall(r'\["([a-z_-]+)",(\d+)\]', said["stages"]))
    assert sum(map(int, stages.values())) == SMALL.applicants
    assert {"application", "roster"} <= set(said["sections"].split())
    assert said["replayed"] == "true true"
    assert said["changed"].startswith("true")
    assert said["wrong"].startswith("400")
    assert {"/session", "/planned_start"} <= set(said["wrong"].split())
    assert said["stale"] == "412 stale-version"
    assert said["event"].endswith("true")


@pytest.fixture(scope="module")
def generated() -> Iterator[None]:
    """The Python client can be imported."""
    folder = python_client()
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder.parent))
        yield


async def test_the_python_client_works(carried: Any, generated: None) -> None:
    """Page through a list, read one, be refused with everything that is wrong, do a thing once."""
    module = import_module
    kind = module("talent_client").AuthenticatedClient
    journeys, journey = (
        module(f"talent_client.api.journeys.{name}") for name in ("get_journeys", "get_journeys_by_participation")
    )
    opening = module("talent_client.api.sessions.post_selection_sessions")
    models = module("talent_client.models")

    async with kind(
        base_url=origin(carried.home, "gateway"), token=token(carried.home, **SOMEBODY), httpx_args={"trust_env": False}
    ) as client:
        first = await journeys.asyncio(client=client, limit=20)
        second = await journeys.asyncio(client=client, limit=20, cursor=first.next_cursor)
        way = await journey.asyncio(client=client, participation=first.items[0].participation)
        body = {"programme": first.items[0].programme, "batch": first.items[0].batch, "session": "2027"}
        planned = models.SessionBody.from_dict(body | {"planned_start": "2027-09-01"})
        once, again = [
            await opening.asyncio_detailed(client=client, body=planned, idempotency_key="python-first-hour")
            for _ in range(2)
        ]
        refused = await opening.asyncio(client=client, body=models.SessionBody.from_dict(body | {"programme": "-"}))

    assert len({each.participation for each in [*first.items, *second.items]}) == 40
    assert way.participation == first.items[0].participation
    assert (once.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert once.parsed.id == again.parsed.id
    assert isinstance(refused, models.Problem)
    assert (refused.status, refused.errors[0].pointer) == (400, "/programme")
