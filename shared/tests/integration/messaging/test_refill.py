"""A log that was lost is filled again from archive and outbox (events.md 2.9, T7)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from shared.contracts.event import topic_of
from shared.contracts.selection import StoryClosed
from shared.embedded_postgres import EmbeddedPostgres
from shared.eventlog.factory import open_event_log
from shared.eventlog.migrate import ensure_schema
from shared.eventlog.port import EventLog
from shared.messaging.duties import RETENTION, DueClock
from shared.messaging.refill import RelayAtWork, refill
from shared.messaging.relay import Relay

from .conftest import Notebook


async def test_a_lost_log_is_filled_again_and_nothing_takes_effect_twice(
    notebook: Notebook, postgres: EmbeddedPostgres
) -> None:
    """A consumer that had taken in half goes on where it was; archive and outbox come in the order of their ids."""
    subjects = [uuid4(), uuid4()]
    for _ in range(3):
        await _announce(notebook, *subjects)
    relay = Relay(notebook.engine, notebook.log, "selection", owner="relay")
    assert await relay.step() == 6
    await notebook.consume(notebook.consumer(), notebook.has(6))
    await _announce(notebook, *subjects)
    assert await relay.step() == 2  # published, and lost before anybody read it
    await relay.release()
    await notebook.rows("UPDATE outbox SET published_at = now() - interval '31 days' WHERE id <= 4")
    assert await DueClock(notebook.unit, []).once(RETENTION) == 4
    await _announce(notebook, subjects[0])  # not published yet: the relay's, not ours

    postgres.create_database("notes_log_new")
    await ensure_schema(f"embedded+{postgres.dsn('notes_log_new')}")
    new = open_event_log(f"embedded+{postgres.dsn('notes_log_new')}")
    try:
        assert await refill(notebook.engine, new, "selection", batch=3) == 8
        assert await Relay(notebook.engine, new, "selection", owner="after").step() == 1
        await notebook.consume(notebook.consumer(log=new), notebook.has(9))
        assert sum((await new.end_offsets([topic_of("selection")])).values()) == 9
        for subject, count in zip(subjects, (5, 4), strict=True):
            assert await notebook.noted(subject) == list(range(1, count + 1))
    finally:
        await new.close()


async def test_it_refuses_while_a_relay_is_at_work(
    notebook: Notebook, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is new must not overtake what is old, so the workers are stopped first; nothing was appended."""
    monkeypatch.setattr("shared.messaging.refill._TRIES", 2)
    monkeypatch.setattr("shared.messaging.refill.LEASE_SECONDS", 0.01)
    await _announce(notebook, uuid4())
    relay = Relay(notebook.engine, log, "selection", owner="relay")
    await relay.step()
    before = await log.end_offsets([topic_of("selection")])
    with pytest.raises(RelayAtWork):
        await refill(notebook.engine, log, "selection")
    assert await log.end_offsets([topic_of("selection")]) == before
    await relay.release()


async def _announce(notebook: Notebook, *subjects: object) -> None:
    for subject in subjects:
        async with notebook.unit(str(uuid4())) as work:
            work.announce(StoryClosed(participation=subject, outcome="certified"))
