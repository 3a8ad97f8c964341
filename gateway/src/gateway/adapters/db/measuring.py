"""Stories that have not ended, by stage across all services, and how long the quietest of each has been quiet."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.journey import STAGES
from shared.messaging.gauging import CASE_AGE, CASES

_OPEN: Final = text(
    "SELECT stage, count(*) AS many, EXTRACT(epoch FROM clock_timestamp() - min(updated_at)) AS oldest "
    "FROM journey WHERE outcome IS NULL GROUP BY stage"
)


async def open_journeys(connection: AsyncConnection) -> None:
    """Set the gauges of every stage; a stage that nobody is in is 0."""
    found = {row.stage: (row.many, float(row.oldest)) for row in await connection.execute(_OPEN)}
    for stage in STAGES:
        many, oldest = found.get(stage, (0, 0.0))
        CASES.labels("gateway", "journey", stage).set(many)
        CASE_AGE.labels("gateway", "journey", stage).set(max(0.0, oldest))
