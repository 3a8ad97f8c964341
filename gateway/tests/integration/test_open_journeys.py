"""Stories that have not ended are counted by stage, and the longest unmoved of each is known."""

from __future__ import annotations

from uuid import uuid4

from prometheus_client import REGISTRY
from sqlalchemy import text

from gateway.adapters.db.measuring import open_journeys
from gateway.domain.journey import STAGES
from gateway.testing.stage import Stage

INSERT = text("""
INSERT INTO journey (id, updated_at, position, stage, outcome, document, content_hash, document_hash)
VALUES (:id, clock_timestamp() - make_interval(days => :days), 1, :stage, :outcome, '{}', '', '')
""")


def shown(name: str, stage: str) -> float:
    """One sample."""
    value = REGISTRY.get_sample_value(name, {"service": "gateway", "kind": "journey", "state": stage})
    assert value is not None, stage
    return value


async def test_open_stories_are_counted_and_ended_ones_are_not(stage: Stage) -> None:
    """Three are open, two of them in one stage; a stage that all have left goes back to zero."""
    rows = [("proposed", None, 40), ("proposed", None, 2), ("passed", None, 3), ("certified", "completed", 400)]
    async with stage.engine.begin() as connection:
        for at, outcome, days in rows:
            await connection.execute(INSERT, {"id": uuid4(), "stage": at, "outcome": outcome, "days": days})
        await open_journeys(connection)
    counted = {at: shown("cases", at) for at in STAGES if shown("cases", at)}
    oldest = {at: round(shown("case_oldest_seconds", at) / 86400) for at in counted}
    async with stage.engine.begin() as connection:
        await connection.execute(text("UPDATE journey SET outcome = 'not_selected' WHERE stage = 'proposed'"))
        await open_journeys(connection)

    assert counted == {"proposed": 2, "passed": 1}
    assert oldest == {"proposed": 40, "passed": 3}
    assert (shown("cases", "proposed"), shown("case_oldest_seconds", "proposed")) == (0, 0)
