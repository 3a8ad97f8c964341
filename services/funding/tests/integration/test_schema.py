"""The migrated schema is the one the code knows, forth and back."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from funding.adapters.db.tables import metadata
from shared.embedded_postgres import EmbeddedPostgres
from shared.work.migrations import migrate


def test_the_migrated_schema_is_the_one_the_code_knows(postgres: EmbeddedPostgres) -> None:
    postgres.create_database("funding_schema", owner="funding_schema")
    url = postgres.uri("funding_schema")
    migrate("funding", url)
    engine = create_engine(url.replace("+asyncpg", "+psycopg"))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences: list[Any] = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []
    migrate("funding", url, "base")
    migrate("funding", url)
