"""The service behind its real routes on a migrated PostgreSQL, and an office of real people in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from funding.api import create_app
from funding.settings import FundingSettings
from funding.testing.counter import Counter
from shared.testing.actors import Keys
from shared.testing.plugin import MigratedDatabase
from shared.testing.service import empty_tables, settings_for, under_test


@pytest.fixture(scope="session")
async def running(migrated: MigratedDatabase, keys: Keys) -> AsyncIterator[Counter]:
    app = create_app(settings_for(FundingSettings, migrated("funding"), keys))
    async with under_test(app, keys) as service:
        yield Counter(service)


@pytest.fixture
async def counter(running: Counter) -> Counter:
    await empty_tables(running.service)
    running.set_day(date(2024, 3, 1))
    return running
