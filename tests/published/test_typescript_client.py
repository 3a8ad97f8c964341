"""The TypeScript client: its types come from the committed document, and the strictest compiler finds nothing."""

from __future__ import annotations

import pytest

from gateway.testing.clients import typescript_client
from shared.testing.node import run_node


@pytest.mark.timeout(300)
def test_the_client_compiles() -> None:
    """Every flag that TypeScript has for strictness, and the generated types are checked, too."""
    place = typescript_client()

    assert run_node(place, "node_modules/typescript/bin/tsc", "-p", ".", seconds=240) == ""
