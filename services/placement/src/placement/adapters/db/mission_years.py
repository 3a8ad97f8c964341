"""Missions by year in figures, computed when they are asked for (P-06, P-07, X-02)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

YEARS = """
    SELECT m.programme, m.policy_version, m.year, (p.effective->'mission'->>'per_year')::int AS planned, count(*) AS requested,
           count(*) FILTER (WHERE m.state IN ('approved', 'in_field', 'reported', 'closed')) AS approved, count(*) FILTER (WHERE m.state = 'closed') AS closed,
           coalesce(sum(jsonb_array_length(m.team)) FILTER (WHERE m.state IN ('approved', 'in_field', 'reported', 'closed')), 0)::int AS experts,
           count(DISTINCT m.locality) FILTER (WHERE m.state IN ('approved', 'in_field', 'reported', 'closed')) AS localities,
           coalesce(sum(jsonb_array_length(m.outcomes)), 0)::int AS technologies
    FROM mission m JOIN policy p ON p.programme = m.programme AND p.policy_version = m.policy_version
    WHERE (CAST(:programme AS text) IS NULL OR m.programme = :programme) GROUP BY m.programme, m.policy_version, m.year, p.effective ORDER BY m.programme, m.policy_version, m.year LIMIT 500"""
KINDS = """
    SELECT m.programme, m.policy_version, m.year, a.kind, count(*) AS held FROM mission m JOIN mission_activity a ON a.mission_id = m.id
    WHERE (CAST(:programme AS text) IS NULL OR m.programme = :programme) GROUP BY m.programme, m.policy_version, m.year, a.kind ORDER BY a.kind"""
REACHED = """
    SELECT m.programme, m.policy_version, m.year, b->>'kind' AS kind, sum((b->>'count')::bigint)::bigint AS count,
           CASE WHEN bool_or(b->>'precision' = 'more_than') THEN 'more_than'
                WHEN bool_or(b->>'precision' = 'about') THEN 'about' ELSE 'exact' END AS precision
    FROM mission m JOIN mission_activity a ON a.mission_id = m.id, jsonb_array_elements(a.beneficiaries) AS b
    WHERE (CAST(:programme AS text) IS NULL OR m.programme = :programme) GROUP BY m.programme, m.policy_version, m.year, b->>'kind' ORDER BY kind"""


async def mission_years(connection: AsyncConnection, programme: str | None) -> tuple[list[Any], list[Any], list[Any]]:
    """Years, activities by kind and beneficiaries by kind, of one programme or of all."""
    found = [
        list((await connection.execute(text(each), {"programme": programme})).all()) for each in (YEARS, KINDS, REACHED)
    ]
    return found[0], found[1], found[2]
