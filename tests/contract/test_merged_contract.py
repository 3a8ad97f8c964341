"""The contracts of the services fit into one document: no two of them give one name to different shapes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from gateway.adapters.contract.merge import merge
from shared.testing.actors import Keys
from shared.testing.service import settings_for

SERVICES = ("selection", "placement", "assessment", "funding")


@pytest.fixture(scope="module")
def contracts(keys: Keys) -> dict[str, dict[str, Any]]:
    found = {}
    for name in SERVICES:
        kind = getattr(import_module(f"{name}.settings"), f"{name.capitalize()}Settings")
        needed = {"selection_url": "http://unused", "certificate_key": keys.private[name]}
        more = {member: value for member, value in needed.items() if member in kind.model_fields}
        settings = settings_for(kind, "postgresql+asyncpg://nobody@127.0.0.1:1/none", keys, **more)
        found[name] = import_module(f"{name}.api").create_app(settings).openapi()
    return found


def test_the_services_publish_one_contract(contracts: dict[str, dict[str, Any]]) -> None:
    """Merging raises when two services publish different things under one name."""
    document = merge(contracts, title="all", version="1", is_public=lambda _method, _path: False)

    assert len(document["paths"]) > 150
