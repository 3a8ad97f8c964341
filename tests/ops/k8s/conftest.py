"""One build of every overlay with all components, made once and shared by everything that judges manifests."""

from __future__ import annotations

import pytest

from shared.testing.manifests import OVERLAYS, Document, build, components


@pytest.fixture(scope="session")
def everything() -> dict[str, list[Document]]:
    """Overlay → its documents with every component there is."""
    return {overlay: build(overlay, components()) for overlay in OVERLAYS}


@pytest.fixture(params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def documents(everything: dict[str, list[Document]], overlay: str) -> list[Document]:
    return everything[overlay]


@pytest.fixture(scope="session")
def prod(everything: dict[str, list[Document]]) -> list[Document]:
    return everything["prod"]
