"""Migrations as a command: every service carries its own and has one head; starting a service never migrates."""

from __future__ import annotations

import argparse
from importlib.resources import files

from alembic import command, context
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, pool


def alembic_config(package: str, url: str) -> Config:
    """The Alembic configuration of a service's migrations inside its installed package.

    Args:
        package: import name, ``selection``.
        url: SQLAlchemy URL; the driver is replaced by psycopg because migrations run synchronously.
    """
    config = Config()
    config.set_main_option("script_location", str(files(package) / "migrations"))
    config.attributes["url"] = url.replace("+asyncpg", "+psycopg")
    return config


def migrate(package: str, url: str, revision: str = "head") -> None:
    """Bring a database up (or down) to ``revision``."""
    config = alembic_config(package, url)
    if revision == "base":
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def run_environment(metadata: MetaData) -> None:
    """What every ``migrations/env.py`` does: connect with time limits and run inside one transaction."""
    url = context.config.attributes["url"]
    engine = create_engine(
        url, poolclass=pool.NullPool, connect_args={"options": "-c lock_timeout=4s -c statement_timeout=60s"}
    )
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, compare_server_default=False)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def migrate_from_command_line(package: str, url: str) -> None:
    """``python -m <service>.migrate [revision]``."""
    parser = argparse.ArgumentParser(prog=f"python -m {package}.migrate")
    parser.add_argument("revision", nargs="?", default="head", help="revision to go to, or 'base'")
    migrate(package, url, parser.parse_args().revision)
