"""What stood in the database before counters existed is counted by the migration."""

from __future__ import annotations

import uuid

from sqlalchemy import create_engine, text

from shared.embedded_postgres import EmbeddedPostgres
from shared.work.migrations import migrate

SESSION, BATCH, RUN, ROSTER, CALL = (uuid.UUID(int=n) for n in range(1, 6))
NODE = '{"code": "a", "parent": null, "min": 0, "max": 9, "match": {"area": ["5401"]}, "name_zh": "a", "name_en": "a"}'


def test_open_sessions_are_laid_out_and_their_rosters_seated(postgres: EmbeddedPostgres) -> None:
    """From 0002: one selected and one promoted of area 5401, one who left, one vacancy filled and one not."""
    postgres.create_database("selection_before_counters", owner="selection_before_counters")
    url = postgres.uri("selection_before_counters")
    migrate("selection", url, "0002")
    engine = create_engine(url.replace("+asyncpg", "+psycopg"))
    people = [uuid.UUID(int=100 + n) for n in range(4)]
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(
            text(
                "INSERT INTO session (id, batch_id, programme, batch, session, quota, planned_start, planned_end, term, "
                "policy_version, seed, quota_nodes) VALUES (:s, :b, 'p', 'b', '2024', 3, '2024-09-01', '2025-08-31', 'P1Y', "
                "'b', 's', CAST(:nodes AS jsonb))"
            ),
            {"s": SESSION, "b": BATCH, "nodes": f"[{NODE}]"},
        )
        entries = ", ".join(
            f'{{"application": "{id}", "standing": "{standing}", "traits": {{"area": "{area}"}}}}'
            for id, standing, area in zip(
                people, ("selected", "promoted", "left", "selected"), ("5401", "5401", "5401", "5402"), strict=True
            )
        )
        connection.execute(
            text(
                "INSERT INTO roster (id, state, session_id, programme, batch, session, policy_version, run_id, "
                "roster_version, entries, swaps, filings) VALUES (:r, 'amended', :s, 'p', 'b', '2024', 'b', :run, 2, "
                "CAST(:entries AS jsonb), '[]', '[]')"
            ),
            {"r": ROSTER, "s": SESSION, "run": RUN, "entries": f"[{entries}]"},
        )
        for n, (leaver, promoted) in enumerate(((people[2], people[1]), (uuid.UUID(int=200), None))):
            connection.execute(
                text(
                    "INSERT INTO vacancy (id, session_id, roster_id, participation, cause, promoted, roster_version, "
                    "vacated_at) VALUES (:id, :s, :r, :leaver, 'work', :promoted, 2, now())"
                ),
                {"id": uuid.UUID(int=300 + n), "s": SESSION, "r": ROSTER, "leaver": leaver, "promoted": promoted},
            )

    with engine.begin() as connection:
        connection.execute(text("ALTER ROLE CURRENT_USER SET session_replication_role = replica"))
    migrate("selection", url, "0003")
    with engine.begin() as connection:
        connection.execute(text("ALTER ROLE CURRENT_USER RESET session_replication_role"))
        counted = connection.execute(text("SELECT code, max, reserved, used FROM quota_node ORDER BY ordinal")).all()
        seats = connection.execute(text("SELECT participation, node FROM seat ORDER BY participation")).all()
        states = connection.execute(text("SELECT state FROM vacancy ORDER BY id")).scalars().all()
    engine.dispose()

    assert [tuple(row) for row in counted] == [("session", 3, 0, 3), ("a", 3, 0, 2)]
    assert [tuple(row) for row in seats] == [(people[0], "a"), (people[1], "a"), (people[3], "session")]
    assert states == ["filled", "vacant"]
