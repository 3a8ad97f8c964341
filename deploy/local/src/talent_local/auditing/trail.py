"""The audit trail of every service: entries, leaves, signed checkpoints, and the checkpoints of earlier visits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

from joserfc.jwk import KeySet

from shared.audit.verifying import read_checkpoint, trail_findings
from talent_local import client
from talent_local.home import Home
from talent_local.trouble import Trouble

SERVICES: Final = ("selection", "placement", "assessment", "funding")
_PAGE: Final = 1000


def check_trail(home: Home, bearer: str, service: str, kept: Path) -> list[str]:
    """What is wrong with the trail of a service; empty when it is whole and extends every checkpoint in ``kept``.

    The newest checkpoint is kept, too, once nothing is wrong: what the auditor holds is what tells a later rewriting.

    Args:
        home: the deployment.
        bearer: an auditor's token.
        service: whose trail.
        kept: folder with one file of checkpoints a service.

    Raises:
        Trouble: when the service does not answer the auditor.
    """
    newest = _get(home, bearer, f"/v1/{service}/audit/checkpoints/latest", missing=True)
    if newest is None:
        return []
    store = kept / f"{service}.jsonl"
    known = [read_checkpoint(line) for line in store.read_text().splitlines()] if store.exists() else []
    keys = KeySet.import_key_set(_get(home, bearer, "/.well-known/signing-keys.json"))
    entries = _entries(home, bearer, service, newest["size"])
    found = asyncio.run(trail_findings(service, _asynchronous(entries), [*known, newest], keys))
    if not found and newest["size"] not in {each["size"] for each in known}:
        kept.mkdir(parents=True, exist_ok=True)
        with store.open("a") as lines:
            lines.write(json.dumps(newest) + "\n")
    return found


def _entries(home: Home, bearer: str, service: str, size: int) -> Iterator[dict[str, Any]]:
    """The entries below ``size``: what is sealed while we read belongs to the next visit."""
    path: str | None = f"/v1/{service}/audit/entries?limit={_PAGE}"
    while path is not None:
        page = _get(home, bearer, path)
        yield from (item for item in page["items"] if item["position"] < size)
        done = page["next_cursor"] is None or page["items"][-1]["position"] >= size
        path = None if done else f"/v1/{service}/audit/entries?limit={_PAGE}&cursor={page['next_cursor']}"


async def _asynchronous(entries: Iterator[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    for entry in entries:
        yield entry


def _get(home: Home, bearer: str, path: str, *, missing: bool = False) -> Any:
    answer = client.call(home, "GET", path, bearer)
    if answer.status == 404 and missing:
        return None
    if answer.status != 200:
        raise Trouble(
            f"GET {path}: {answer.status} {answer.body}", "Is the platform up, and is this an auditor's token?"
        )
    return answer.body
