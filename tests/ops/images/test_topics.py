"""The job that makes topics makes those of the published interface."""

from __future__ import annotations

import json

import pytest

from shared.eventlog import topics
from shared.eventlog.port import LogUnavailable
from shared.testing.opstools import ROOT


def test_they_are_the_published_channels() -> None:
    published = json.loads((ROOT / "docs" / "api" / "asyncapi.json").read_text())["channels"]
    logged = {name for name in published if name.endswith(".events.v1")}
    assert len(logged) == 4
    assert set(topics.topics()) == logged


async def test_it_waits_for_a_broker_and_gives_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Starting:
        async def ensure_topics(self, names: list[str]) -> None:
            asked.append(names)
            if len(asked) < 3:
                raise LogUnavailable("starting")

        async def close(self) -> None:
            """Nothing is open."""

    monkeypatch.setattr(topics, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(topics, "open_event_log", lambda _: Starting())
    await topics.ensure("kafka://nowhere:1", 60.0)
    assert asked == [topics.topics()] * 3
    asked.clear()
    with pytest.raises(LogUnavailable):
        await topics.ensure("kafka://nowhere:1", -1.0)
