"""Migrations of every service: one head, up from empty, down, up again, and the schema is what the code says."""

from __future__ import annotations

from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from shared.embedded_postgres import EmbeddedPostgres
from shared.work.migrations import alembic_config, migrate, schema_is_there, wait_for_schema
from shared.work.schema import Schema, schema_of

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


def test_what_a_running_service_reads_of_its_migrations_is_what_alembic_reads(package: str, url: str) -> None:
    """The probe of start-up does not load Alembic."""
    scripts = ScriptDirectory.from_config(alembic_config(package, url))

    assert schema_of(package) == Schema(
        str(scripts.get_current_head()), frozenset(each.revision for each in scripts.walk_revisions())
    )


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


def test_who_waits_sees_this_schema_and_a_newer_one_but_no_older_one(package: str, url: str) -> None:
    """A pod starts at its own schema and, when it is started anew during an upgrade, at that of the next release."""
    assert not wait_for_schema(package, url, 0)
    migrate(package, url)
    assert schema_is_there(package, url)

    engine = create_engine(url)
    for revision, there in (("9999", True), ("0001", False)):
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
        assert schema_is_there(package, url) is there
    engine.dispose()


def test_an_absent_database_is_waited_for(postgres: EmbeddedPostgres) -> None:
    """PostgreSQL may come after the pods that need it."""
    absent = postgres.uri("absent", user="gateway", driver="psycopg")
    assert not wait_for_schema("gateway", absent, 0)
