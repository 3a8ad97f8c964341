"""Input that no person types: NUL characters and lone surrogates, in bodies and in filters."""

from __future__ import annotations

from typing import Any


async def test_characters_that_cannot_be_kept_are_refused(road: Any) -> None:
    """400 with a code, never a server error, and nothing is written."""
    line = road.host_line(1, name_zh="a\x00b")
    lone = '{"items":[{"code":"\\ud800"}]}'
    headers = road.service.keys.bearer(road.people.operator, "placement") | {"content-type": "application/json"}

    kept = await road.put(road.people.operator, "/hosts", {"items": [line]})
    filtered = await road.get(road.people.operator, "/hosts?province=%00")
    surrogate = await road.service.client.put("/v1/placement/hosts", content=lone, headers=headers)

    assert [(a.status_code, a.json()["code"]) for a in (kept, filtered, surrogate)] == [
        (400, "bad-character"),
        (400, "bad-character"),
        (400, "bad-request"),
    ]
    assert await road.service.scalar("SELECT count(*) FROM host") == 0
