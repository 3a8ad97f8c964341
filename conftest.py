"""What holds for every test of the tree."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Imported first: pytest would otherwise take the top folders of these names for the packages.
import gateway  # noqa: F401
import shared  # noqa: F401

pytest_plugins = ["shared.testing.plugin"]

settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("search", print_blob=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))
"""`make test` tries the same examples every time; HYPOTHESIS_PROFILE=search goes looking for new ones."""

NO_KAFKA = "no broker: set KAFKA_BOOTSTRAP_SERVERS, or let `make test` start one (Java 17 and Maven)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `kafka` run when a broker is named; without one they are skipped, or fail when it is required."""
    if os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        return
    if os.environ.get("REQUIRE_KAFKA") == "1" and any(item.get_closest_marker("kafka") for item in items):
        raise pytest.UsageError(f"REQUIRE_KAFKA=1, but {NO_KAFKA}")
    for item in items:
        if item.get_closest_marker("kafka"):
            item.add_marker(pytest.mark.skip(reason=NO_KAFKA))
