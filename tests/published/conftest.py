"""The contract as the gateway publishes it, made once and without a running platform."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gateway.testing.contract import normalised, whole_contract


@pytest.fixture(scope="session")
def published() -> bytes:
    """The contract as it would be committed now."""
    return normalised(whole_contract())


@pytest.fixture(scope="session")
def contract(published: bytes) -> dict[str, Any]:
    """The contract."""
    document: dict[str, Any] = orjson.loads(published)
    return document
