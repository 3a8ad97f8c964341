"""What was decided before the matrix held for everything is carried over: it counts, and what is open can be signed."""

from __future__ import annotations

from typing import Any

import psycopg

from shared.embedded_postgres import EmbeddedPostgres
from shared.work.migrations import migrate

FUND = "00000000-0000-7000-8000-000000000001"
BEFORE = f"""
INSERT INTO fund (id, state, code, name, programme, policy_version, sources, purposes, opened_by)
VALUES ('{FUND}', 'frozen', 'F', 'F', 'p', 'v', '[{{"code": "central", "name": "c"}}]', '["travel"]', 'opener');
INSERT INTO budget (id, state, fund, session, batch, programme, policy_version, lines, contributions, prepared_by,
    submitted_on, rolling_amount, chain)
SELECT gen_random_uuid(), state, '{FUND}', 's', 'b', 'p', 'v', '[{{"category": "travel", "amount": 500}}]',
    '[{{"source": "central", "amount": 500}}]', 'preparer', '2024-03-01', 500,
    CAST(chain AS jsonb)
FROM (VALUES
    ('planned', '[]'),
    ('in_approval', '[{{"authority": "regional", "organisation": "cn/54", "approved_by": "a"}},
        {{"authority": "ministry", "organisation": "cn", "approved_by": null}}]'),
    ('allocated', '[{{"authority": "regional", "organisation": "cn/54", "approved_by": "a"}}]')
) known (state, chain);
INSERT INTO allocation (id, state, fund, session, programme, batch, policy_version, amount)
VALUES (gen_random_uuid(), 'open', '{FUND}', 's', 'p', 'b', 'v', 500);
INSERT INTO participation (id, state, story, reserved, lacking, fund, policy_version, entitled, paid, clawed_back)
VALUES ('{FUND}', 'committed', '{{}}', '{{}}', 0, '{FUND}', 'v', 0, 0, 0);
INSERT INTO instalment (id, state, participation, session, fund, milestone, sequence, revision, parts, payee, payee_kind,
    due_on, prepared_by, approved_by, attempts, clawback, recovered)
SELECT gen_random_uuid(), state, '{FUND}', 's', '{FUND}', 'arrival', nth, 1, '{{"travel": 70}}', 'hosts/H', 'host',
    '2024-07-01', 'preparer', by, 0, '{{}}', '{{}}'
FROM (VALUES ('prepared', 1, NULL), ('approved', 2, 'a'), ('paid', 3, 'a')) known (state, nth, by);
"""


def test_decisions_of_before_are_carried_over(postgres: EmbeddedPostgres) -> None:
    """Forth and back: budgets with their chains, payments, whose money the pots hold, and the frozen fund."""
    postgres.create_database("funding_carried", owner="funding_carried")
    url = postgres.uri("funding_carried")
    migrate("funding", url, "0001")
    with psycopg.connect(postgres.dsn("funding_carried"), autocommit=True) as connection:
        connection.execute(BEFORE)
        migrate("funding", url)

        assert all_of(connection, "SELECT kind, state, payee, awaits FROM approval ORDER BY kind, state") == [
            ("budget", "approved", "s", None),
            ("budget", "pending", "s", "cn"),
            ("payment", "approved", "hosts/H", None),
            ("payment", "approved", "hosts/H", None),
        ]
        assert all_of(connection, "SELECT contributions FROM allocation") == [({"central": 500},)]
        assert all_of(connection, "SELECT kind, subject FROM money_freeze") == [("fund", FUND)]
        migrate("funding", url, "0001")
        assert all_of(connection, "SELECT count(*) FROM budget") == [(3,)]


def all_of(connection: psycopg.Connection[Any], statement: str) -> list[Any]:
    """The rows."""
    return connection.execute(statement.encode()).fetchall()
