"""The migrated schema is the one the code knows, forth and back."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from placement.adapters.db.tables import metadata
from shared.embedded_postgres import EmbeddedPostgres
from shared.work.migrations import migrate


def test_the_migrated_schema_is_the_one_the_code_knows(postgres: EmbeddedPostgres) -> None:
    """Tables, columns, indexes and every check and exclusion constraint are the same in code and database."""
    postgres.create_database("placement_schema", owner="placement_schema")
    url = postgres.uri("placement_schema")
    migrate("placement", url)
    engine = create_engine(url.replace("+asyncpg", "+psycopg"))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences: list[Any] = compare_metadata(context, metadata)
        kept = connection.execute(text("SELECT conname FROM pg_constraint WHERE contype IN ('c', 'x', 'u', 'f')"))
        names = {row[0] for row in kept}
    engine.dispose()

    assert differences == []
    declared = {c.name for table in metadata.tables.values() for c in table.constraints if c.name}
    assert {n for n in declared if str(n).startswith(("ck_", "ex_", "uq_", "fk_"))} <= names
    migrate("placement", url, "base")
    migrate("placement", url)
