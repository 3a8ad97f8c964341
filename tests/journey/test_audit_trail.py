"""The audit trail of a whole cohort is proved from outside, and rewriting it shows (F-06, events.md 5.4)."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

from talent_local import client
from talent_local.auditing.trail import SERVICES, check_trail

pytestmark = pytest.mark.journey
SEALED_WITHIN_SECONDS = 60


async def test_every_service_has_a_trail_that_holds(carried: Any, tmp_path: Path) -> None:
    """All four trails are whole, and extend the checkpoints that the auditor kept from the visit before."""
    bearer = await asyncio.to_thread(client.token, carried.home, username="auditor")
    for service in SERVICES:
        await asyncio.to_thread(_wait_for_a_checkpoint, carried.home, bearer, service)

    for _ in range(2):
        for service in SERVICES:
            assert await asyncio.to_thread(check_trail, carried.home, bearer, service, tmp_path) == []

    assert {service for service in SERVICES if (tmp_path / f"{service}.jsonl").exists()} == set(SERVICES)


async def test_a_trail_that_does_not_extend_what_was_kept_is_found(carried: Any, tmp_path: Path) -> None:
    """A server whose trail is shorter than the auditor's own checkpoint has lost entries."""
    bearer = await asyncio.to_thread(client.token, carried.home, username="auditor")
    await asyncio.to_thread(check_trail, carried.home, bearer, "selection", tmp_path)
    kept = tmp_path / "selection.jsonl"
    known = json.loads(kept.read_text().splitlines()[0])
    kept.write_text(json.dumps(known | {"size": known["size"] + 1_000_000}) + "\n")

    found = await asyncio.to_thread(check_trail, carried.home, bearer, "selection", tmp_path)

    assert any("the checkpoint counts" in line for line in found)


def _wait_for_a_checkpoint(home: Any, bearer: str, service: str) -> None:
    """Sealing comes a moment after the commit."""
    give_up = time.monotonic() + SEALED_WITHIN_SECONDS
    while client.call(home, "GET", f"/v1/{service}/audit/checkpoints/latest", bearer).status != 200:
        assert time.monotonic() < give_up, f"{service} has sealed nothing"
        time.sleep(0.5)
