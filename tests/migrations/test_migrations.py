"""Migrations of every service: one head, up from empty, down, up again, and the schema is what the code says."""

from __future__ import annotations

from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from shared.embedded_postgres import EmbeddedPostgres
from shared.work.migrations import alembic_config, migrate

PACKAGES = ("selection", "placement", "assessment", "funding", "gateway")


@pytest.fixture(params=PACKAGES)
def package(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(postgres: EmbeddedPostgres, package: str) -> str:
    name = f"migrations_{package}"
    postgres.drop_database(name)
    postgres.create_database(name, owner=package)
    return postgres.uri(name, user=package, driver="psycopg")


def test_one_head(package: str, url: str) -> None:
    """Two people's migrations are merged before they land."""
    assert len(ScriptDirectory.from_config(alembic_config(package, url)).get_heads()) == 1


def test_up_from_empty_down_and_up_again(package: str, url: str) -> None:
    """Down leaves nothing behind but Alembic's own table."""
    migrate(package, url)
    migrate(package, url, "base")

    engine = create_engine(url)
    left = set(inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()
    assert left == set()
    migrate(package, url)


def test_the_migrated_schema_is_what_the_code_says(package: str, url: str) -> None:
    """Tables of the code and tables of the database differ in nothing Alembic can see."""
    migrate(package, url)
    import_module(f"{package}.api")  # some tables are defined in rooms of their own
    metadata = import_module(f"{package}.adapters.db.tables").metadata

    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []
