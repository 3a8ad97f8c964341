"""The report of a class, computed from its rows (K-07, K-08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_FIGURES: Mapping[str, str] = {
    "categories": """
        SELECT q.category, q.units AS units_asked, q.seats,
               (SELECT count(*) FROM class_unit u WHERE u.class_id = q.class_id AND u.category = q.category) AS units_on_roll,
               count(DISTINCT s.unit) FILTER (WHERE s.state = 'seated') AS units,
               count(s.id) FILTER (WHERE s.state = 'seated') AS delegates,
               count(s.id) FILTER (WHERE s.state = 'waiting') AS waiting
        FROM class_quota q LEFT JOIN class_seat s ON s.class_id = q.class_id AND s.category = q.category
        WHERE q.class_id = :id GROUP BY q.id ORDER BY q.category""",
    "provinces": """
        SELECT province, count(DISTINCT unit) FILTER (WHERE state = 'seated') AS units,
               count(*) FILTER (WHERE state = 'seated') AS delegates, count(*) FILTER (WHERE state = 'waiting') AS waiting
        FROM class_seat WHERE class_id = :id AND state <> 'released' GROUP BY province ORDER BY province""",
    "sessions": """
        SELECT kind, count(*) AS held FROM class_session WHERE class_id = :id AND NOT dropped GROUP BY kind ORDER BY kind""",
    "lecturers": """
        SELECT DISTINCT l.code FROM class_session s, jsonb_array_elements_text(s.lecturers) AS l(code)
        WHERE s.class_id = :id AND NOT s.dropped AND s.kind = ANY(:lectures)""",
    "groups": """
        SELECT breakout, count(*) AS members FROM class_seat
        WHERE class_id = :id AND state = 'seated' AND breakout IS NOT NULL GROUP BY breakout ORDER BY breakout""",
    "questions": """
        SELECT phase, state, precision, sum(count)::int AS asked FROM class_question
        WHERE class_id = :id GROUP BY phase, state, precision""",
    "materials": """
        SELECT (SELECT count(*) FROM class_material WHERE class_id = :id) AS materials,
               (SELECT count(*) FROM class_copy WHERE class_id = :id) AS copies""",
    "marks": """
        SELECT s.kind, m.mark, count(*) AS marks FROM class_mark m JOIN class_session s ON s.id = m.session_id
        WHERE m.class_id = :id AND NOT s.dropped GROUP BY s.kind, m.mark""",
    "scores": "SELECT dimension, score, count FROM class_score WHERE class_id = :id ORDER BY dimension, score",
}

COMPARED = """
    SELECT c.id, c.programme, c.code, c.title_zh, c.title_en,
           (SELECT count(DISTINCT unit) FROM class_seat s WHERE s.class_id = c.id AND s.state = 'seated') AS units,
           (SELECT count(*) FROM class_seat s WHERE s.class_id = c.id AND s.state = 'seated') AS delegates,
           (SELECT coalesce(sum(count), 0) FROM class_question q WHERE q.class_id = c.id) AS questions,
           (SELECT count(*) FROM class_session s WHERE s.class_id = c.id AND NOT s.dropped
              AND p.effective->'class'->'attendance'->'lectures' @> to_jsonb(s.kind)) AS lectures
    FROM short_class c JOIN policy p ON p.programme = c.programme AND p.policy_version = c.policy_version
    WHERE c.state IN ('evaluated', 'archived') ORDER BY c.starts_on, c.id LIMIT 500"""
"""Classes that are over, side by side."""


async def figures(connection: AsyncConnection, class_id: UUID, lectures: list[str]) -> dict[str, list[Any]]:
    """The rows that the report is made of, by name."""
    found = {}
    for name, statement in _FIGURES.items():
        values: dict[str, Any] = {"id": class_id}
        if name == "lecturers":
            values["lectures"] = lectures
        found[name] = list((await connection.execute(text(statement), values)).all())
    return found
