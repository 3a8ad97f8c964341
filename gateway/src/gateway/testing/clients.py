"""The generated clients, made from the committed contract as a frontend developer would make them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gateway.testing.contract import GOLDEN
from shared.testing.node import installed, run_node

TYPESCRIPT = Path(__file__).parents[4] / "clients" / "typescript"
SOURCES = ("tsconfig.json", "src/index.ts")


def typescript_client() -> Path:
    """A folder with the TypeScript client ready to run: tools installed, types generated once per document."""
    place = installed(TYPESCRIPT, *SOURCES)
    types, mark = place / "src" / "schema.d.ts", place / "src" / "schema.of"
    digest = hashlib.sha256(GOLDEN.read_bytes()).hexdigest()
    if not types.exists() or not mark.exists() or mark.read_text() != digest:
        run_node(place, "node_modules/openapi-typescript/bin/cli.js", str(GOLDEN), "-o", str(types), seconds=240)
        mark.write_text(digest)
    return place
