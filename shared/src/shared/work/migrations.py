"""Migrations as a command: every service carries its own and has one head; starting a service never migrates."""

from __future__ import annotations

import argparse
import sys
import time
from importlib.resources import files
from typing import Final

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, pool
from sqlalchemy.exc import OperationalError

from shared.work.schema import schema_of

_LOOK_SECONDS: Final = 0.5


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
    """``python -m <service>.migrate [revision]``, or ``--wait SECONDS`` for what others migrate."""
    parser = argparse.ArgumentParser(prog=f"python -m {package}.migrate")
    parser.add_argument("revision", nargs="?", default="head", help="revision to go to, or 'base'")
    parser.add_argument("--wait", type=float, metavar="SECONDS", help="only wait until the schema is there")
    arguments = parser.parse_args()
    if arguments.wait is None:
        migrate(package, url, arguments.revision)
    elif not wait_for_schema(package, url, arguments.wait):
        sys.exit(f"{package}: the database is not at the schema of this release after {arguments.wait:g} s")


def schema_is_there(package: str, url: str) -> bool:
    """True when the database is at this program's schema, or at one that this program does not know yet.

    Raises:
        OperationalError: the database cannot be reached.
    """
    address = alembic_config(package, url).attributes["url"]
    engine = create_engine(address, poolclass=pool.NullPool, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            at = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return schema_of(package).is_met(at)


def wait_for_schema(package: str, url: str, seconds: float) -> bool:
    """Look twice a second until ``schema_is_there``, for at most ``seconds``; an absent database is waited for, too."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if schema_is_there(package, url):
                return True
        except OperationalError:
            pass
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_SECONDS)
