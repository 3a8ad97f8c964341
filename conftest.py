"""What holds for every test of the tree."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

# Imported first: pytest would otherwise take the top folders of these names for the packages.
import gateway  # noqa: F401
import shared  # noqa: F401

pytest_plugins = ["shared.testing.plugin"]

NO_KAFKA = "no broker: set KAFKA_BOOTSTRAP_SERVERS, or let `make test` start one (Java 17 and Maven)"
WHOLE_PLATFORMS: Final = ("tests/chaos", "tests/journey", "deploy/local")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Order the tests and say which keep together; those marked `kafka` are skipped without a broker.

    Tests that start whole platforms come first and stay in one process of pytest-xdist, one platform after the other;
    the others keep together by file. When a broker is required, its absence is an error instead of a skip.
    """
    items.sort(key=lambda item: not _starts_platforms(config, item))
    for item in items:
        group = "platforms" if _starts_platforms(config, item) else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
    if os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        return
    if os.environ.get("REQUIRE_KAFKA") == "1" and any(item.get_closest_marker("kafka") for item in items):
        raise pytest.UsageError(f"REQUIRE_KAFKA=1, but {NO_KAFKA}")
    for item in items:
        if item.get_closest_marker("kafka"):
            item.add_marker(pytest.mark.skip(reason=NO_KAFKA))


def _starts_platforms(config: pytest.Config, item: pytest.Item) -> bool:
    return any(item.path.is_relative_to(Path(config.rootpath, folder)) for folder in WHOLE_PLATFORMS)
