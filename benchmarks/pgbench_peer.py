"""pgbench as the peer of a command: as many rows of the same shape, in one transaction, into copies of the tables."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import psycopg

from shared.embedded_postgres import EmbeddedPostgres

WRITTEN = ("application", "person", "vault_item", "outbox", "stream", "audit", "idempotency", "recommendation", "seat")


def rows_of(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table that an application writes holds."""
    known = {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    return {
        name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # type: ignore[index]
        for name in WRITTEN
        if name in known
    }


def pgbench_script(connection: psycopg.Connection[Any], per_command: dict[str, int], folder: Path) -> Path:
    """A transaction that inserts as many rows of the same shape into copies of the tables, one statement a row."""
    lines = ["BEGIN;"]
    for name, count in per_command.items():
        if not count:
            continue
        connection.execute(f"CREATE TABLE peer_{name} (LIKE {name} INCLUDING ALL)")
        columns = [
            (row[0], row[1], row[2])
            for row in connection.execute(
                "SELECT column_name, data_type, is_identity FROM information_schema.columns WHERE table_name = %s "
                "ORDER BY ordinal_position", (name,)
            )
        ]  # fmt: skip
        row = connection.execute(f"SELECT * FROM {name} ORDER BY random() LIMIT 1")
        values = dict(zip([column.name for column in row.description or ()], row.fetchone() or (), strict=True))
        named = [column for column, _, identity in columns if identity == "NO"]
        unique = _to_vary(connection, name, {column: kind for column, kind, _ in columns})
        shown = [
            _value(values[column], kind, column in unique) for column, kind, identity in columns if identity == "NO"
        ]
        lines += [f"INSERT INTO peer_{name} ({', '.join(named)}) VALUES ({', '.join(shown)});"] * count
    connection.commit()
    path = folder / "peer.sql"
    path.write_text("\n".join([*lines, "COMMIT;"]))
    return path


def _to_vary(connection: psycopg.Connection[Any], table: str, kinds: dict[str, str]) -> set[str]:
    """Columns that must differ from row to row: of every unique index those that are ids, or else all."""
    found: set[str] = set()
    for (named,) in connection.execute(
        "SELECT array_agg(a.attname::text) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid "
        "AND a.attnum = ANY(i.indkey) WHERE i.indisunique AND i.indrelid = %s::regclass GROUP BY i.indexrelid",
        (table,),
    ):
        ids = {column for column in named if kinds[column] in ("uuid", "bytea")}
        found |= ids or set(named)
    return found


def _value(value: Any, kind: str, unique: bool) -> str:
    fresh = {"uuid": "gen_random_uuid()", "text": "gen_random_uuid()::text", "bytea": "uuid_send(gen_random_uuid())"}
    if unique and kind in {*fresh, "character varying"}:
        return fresh.get(kind, "gen_random_uuid()::text")
    if value is None:
        return "NULL"
    if isinstance(value, (bytes, memoryview)):
        return f"'\\x{bytes(value).hex()}'"
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    return "'" + str(value).replace("'", "''") + "'"


def pgbench(server: EmbeddedPostgres, script: Path, seconds: float, clients: int) -> float:
    """Transactions a second."""
    binary = Path(server.binaries) / "pgbench"
    command = [
        str(binary), "-n", "-f", str(script), "-T", str(max(1, round(seconds))), "-c", str(clients), "-j", "2", "-M", "prepared",
        server.dsn("selection"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-600:])
    return next(float(line.split()[2]) for line in done.stdout.splitlines() if line.startswith("tps ="))
