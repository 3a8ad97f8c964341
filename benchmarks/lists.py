"""Lists of selection at depth, for `write_path.py`: fills the table of applications, then walks its pages."""

from __future__ import annotations

import time
from typing import Any

import psycopg

from shared.kernel.actor import Role
from shared.testing.actors import someone

REGION = someone(Role.REGIONAL_OFFICER, organisation="cn/54")


def fill(connection: psycopg.Connection[Any], rows: int) -> None:
    """Copy applications until there are ``rows``; persons and calls stay what they are."""
    connection.execute("SET session_replication_role = replica")
    for constraint in ("uq_application_call_id_account", "uq_application_call_id_person_id"):
        connection.execute(f"ALTER TABLE application DROP CONSTRAINT {constraint}")
    columns = [
        row[0]
        for row in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'application' AND column_name NOT IN "
            "('id', 'updated_at') ORDER BY ordinal_position"
        )
    ]
    named = ", ".join(columns)
    connection.execute(
        f"INSERT INTO application (id, updated_at, {named}) SELECT uuidv7(), now() - n * interval '1 second', {named} "
        "FROM (SELECT * FROM application LIMIT 1) a, generate_series(1, %s) AS n",
        (rows - (connection.execute("SELECT count(*) FROM application").fetchone() or (0,))[0],),
    )
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE application")


async def ask(client: Any, rows: int) -> None:
    """Latency of a page of 50 at the beginning, after walking, and by change; warm."""
    print(f"\n{rows} applications, pages of 50")
    shapes = {"by id": "", "by change": "&updated_since=2000-01-01T00:00:00Z", "one state": "&state=draft"}
    for label, filters in shapes.items():
        path = f"/applications?limit=50{filters}"
        times, page = [], await client.call(REGION, "GET", path)
        for _ in range(200):
            began = time.perf_counter()
            onward = f"&cursor={page['next_cursor']}" if page.get("next_cursor") else ""
            page = await client.call(REGION, "GET", path + onward)
            times.append((time.perf_counter() - began) * 1000)
        times.sort()
        print(f"{label:12} p50 {times[100]:6.1f} ms   p99 {times[198]:6.1f} ms")
