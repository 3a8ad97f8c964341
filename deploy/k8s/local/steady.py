"""Reads through the gateway at a steady rate and counts what fails: ``steady.py SECONDS [RATE]``; nothing is tried again.

Half of the requests come on kept connections, half on one of their own, so that both ways of meeting a pod that goes are met.
Ends with 1 when one failed. Origins of the gateway and of the issuer: ``GATEWAY``, ``ISSUER``.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Final

import aiohttp

from talent_local.issuer.grants import DEVELOPMENT_GRANT

GATEWAY: Final = os.environ.get("GATEWAY", "http://127.0.0.1:30080")
ISSUER: Final = os.environ.get("ISSUER", "http://127.0.0.1:30090")
PATHS: Final = ("/v1/selection/batches", "/openapi.json", "/v1/inbox")
"""Asked of one service, of the gateway itself, of every service."""


async def read(sessions: Sequence[aiohttp.ClientSession], number: int, seen: Counter[str], took: list[float]) -> None:
    """One request; its status, or what went wrong with it, is counted."""
    path, began = PATHS[number % len(PATHS)], time.monotonic()
    try:
        async with sessions[number % 2].get(GATEWAY + path) as answer:
            await answer.read()
            seen["200" if answer.status == 200 else f"{answer.status} {path}"] += 1
    except (aiohttp.ClientError, TimeoutError) as error:
        seen[f"{type(error).__name__} {path}"] += 1
    took.append(time.monotonic() - began)


async def run(seconds: float, rate: float) -> int:
    """Send, then say what came back."""
    seen: Counter[str] = Counter()
    took: list[float] = []
    waiting = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=waiting, trust_env=False) as session:
        form = {"grant_type": DEVELOPMENT_GRANT, "username": "regional-officer"}
        async with session.post(f"{ISSUER}/token", data=form) as answer:
            headers = {"authorization": f"Bearer {(await answer.json())['access_token']}"}
    async with (
        aiohttp.ClientSession(timeout=waiting, headers=headers, trust_env=False) as kept,
        aiohttp.ClientSession(
            timeout=waiting, headers=headers, trust_env=False, connector=aiohttp.TCPConnector(force_close=True)
        ) as fresh,
        asyncio.TaskGroup() as group,
    ):
        began = time.monotonic()
        for number in range(int(seconds * rate)):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            group.create_task(read((kept, fresh), number, seen, took))
    took.sort()
    middle, late, last = (took[min(len(took) - 1, int(len(took) * share))] * 1000 for share in (0.5, 0.99, 1))
    sys.stdout.write(
        f"{sum(seen.values())} requests: {dict(seen)}; ms p50 {middle:.0f}, p99 {late:.0f}, max {last:.0f}\n"
    )
    return 0 if set(seen) == {"200"} else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(run(float(sys.argv[1]), float((sys.argv[2:] or ["20"])[0]))))
