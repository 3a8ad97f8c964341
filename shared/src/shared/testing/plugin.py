"""Pytest fixtures for every member: ``postgres`` (a server for the run), ``keys``, ``migrated`` databases.

A member's ``conftest.py`` needs ``pytest_plugins``-free use: the root ``conftest.py`` loads this module.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.embedded_postgres import DISPOSABLE, EmbeddedPostgres
from shared.testing.actors import Keys
from shared.work.migrations import migrate

MigratedDatabase = Callable[[str], str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server of its own for the whole run."""
    directory = Path(tempfile.mkdtemp(prefix="talent-pg-"))
    server = EmbeddedPostgres(directory, settings=DISPOSABLE)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """Keys of gateway and services."""
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def migrated(postgres: EmbeddedPostgres) -> MigratedDatabase:
    """Gives the URL of a migrated database for a package, made once per run: ``migrated("selection")``."""
    made: dict[str, str] = {}

    def database(package: str) -> str:
        if package not in made:
            postgres.create_database(package, owner=package)
            url = postgres.uri(package)
            migrate(package, url)
            made[package] = url
        return made[package]

    return database
