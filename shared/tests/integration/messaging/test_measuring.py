"""A consumer that cannot measure its lag loses nothing: what it would have fetched is still there the next time."""

from __future__ import annotations

from uuid import uuid4

import pytest

from shared.eventlog.port import LogUnavailable
from shared.messaging import consumer as consuming

from .conftest import Notebook, told


async def test_a_log_that_does_not_tell_its_end_takes_nothing_away(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen with Kafka on an overloaded machine: fetched, then no answer about the end, and the event never came again."""
    subject = uuid4()
    consumer = notebook.consumer()
    await consumer.step()  # has joined
    await notebook.log.append([told(subject, 1), told(subject, 2)])
    ends = notebook.log.end_offsets

    async def silent(topics: list[str]) -> None:
        raise LogUnavailable("no answer")

    monkeypatch.setattr(consuming, "_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(notebook.log, "end_offsets", silent)
    for _ in range(3):
        with pytest.raises(LogUnavailable):
            await consumer.step()
    monkeypatch.setattr(notebook.log, "end_offsets", ends)
    await notebook.consume(consumer, notebook.has(2))
    assert await notebook.noted(subject) == [1, 2]
