"""What the processes of a platform that carried a cohort show at `/metrics` is the list of metrics, no more and no less."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.testing.metrics import MEMBERS, Shown, listed, shown
from talent_local.client import origin

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

ROWS: Final = listed(Path(__file__).parents[2])
PATIENCE: Final = 120
"""Seconds within which a process has measured everything: other tests may have ended it a moment ago."""


def differences(member: str, offered: dict[str, Shown]) -> list[str]:
    """Sentences; of what is its own a process has series, of nothing else."""
    own = {name for name, row in ROWS.items() if member in row.members}
    begun = {name for name, each in offered.items() if each.labels is not None}
    found = [f"{member} does not show {name}" for name in own - begun]
    found += [f"{member} shows {name}, which is not its own" for name in begun - own]
    for name in own & begun:
        each, row = offered[name], ROWS[name]
        if (each.type, each.labels) != (row.type, row.labels):
            found.append(f"{member} shows {name} as {each}")
    return found


@pytest.mark.parametrize("member", MEMBERS)
async def test_a_process_shows_what_the_list_says_of_it(member: str, carried: Any) -> None:
    """Names, types and labels; also of what only stands there by name."""
    offered, found = dict[str, Shown](), ["never looked"]
    async with httpx.AsyncClient(base_url=origin(carried.home, member), timeout=60, trust_env=False) as client:
        await client.get("/openapi.json")
        for _ in range(PATIENCE):
            offered = shown(text_string_to_metric_families((await client.get("/metrics")).text))
            found = differences(member, offered)
            if not found:
                break
            await asyncio.sleep(1.0)

    assert found == []
    assert set(offered) <= set(ROWS)
