"""The generated clients, made from the committed contract as a frontend developer would make them."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

from gateway.testing.contract import GOLDEN
from shared.testing.node import CACHE, installed, run_node

_CLIENTS = Path(__file__).parents[4] / "clients"
TYPESCRIPT = _CLIENTS / "typescript"
GENERATOR = _CLIENTS / "python" / "generator.yaml"
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


def python_client() -> Path:
    """The package ``talent_client``, generated once per document and configuration.

    Raises:
        AssertionError: the generator failed, or left something out with a warning.
    """
    digest = hashlib.sha256(GOLDEN.read_bytes() + GENERATOR.read_bytes()).hexdigest()[:16]
    place = CACHE.parent / "python-client" / digest / "talent_client"
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _generate(place)
    return place


def _generate(place: Path) -> None:
    if not (place / "done").exists():
        program = Path(sys.executable).with_name("openapi-python-client")
        asked = [
            str(program), "generate", "--path", str(GOLDEN), "--output-path", str(place), "--overwrite",
            "--meta", "none", "--config", str(GENERATOR), "--fail-on-warning",
        ]  # fmt: skip
        done = subprocess.run(asked, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        (place / "done").touch()
