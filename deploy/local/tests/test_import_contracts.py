"""The import contracts of the root pyproject, each broken once on purpose in a small copy of the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from talent_local.home import checkout

SERVICES = ("selection", "placement", "assessment", "funding")
RINGS = ("domain", "usecases", "adapters", "adapters.db", "adapters.http", "adapters.events")
SHARED = ("kernel", "contracts", "http", "work", "messaging", "settings")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Empty packages with the names of ours, under our contracts."""
    top = tmp_path_factory.mktemp("tree")
    names = ["shared", "gateway", "talent_local", *SERVICES, *(f"shared.{name}" for name in SHARED)]
    for name in [*names, *(f"{service}.{ring}" for service in SERVICES for ring in RINGS)]:
        folder = top.joinpath(*name.split("."))
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
    shutil.copy(checkout() / "pyproject.toml", top)
    return top


def lint(tree: Path) -> str:
    """What import-linter says of the tree."""
    environment = dict(os.environ) | {"PYTHONPATH": str(tree), "LC_ALL": "C.UTF-8", "COLUMNS": "200"}
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False).stdout


def test_a_clean_tree_keeps_every_contract(tree: Path) -> None:
    """Nothing is reported where nothing is wrong."""
    assert "0 broken" in lint(tree)


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("selection.domain", "import placement", "never import one another"),
        ("gateway", "import funding.domain", "never import one another"),
        ("talent_local", "import gateway", "never import one another"),
        ("shared.http", "import selection", "What is shared knows no service"),
        ("placement.domain", "import placement.usecases", "adapters, then use cases, then domain"),
        ("assessment.usecases", "import assessment.adapters.db", "adapters, then use cases, then domain"),
        ("funding.domain", "import pydantic", "know no web, database, broker or pydantic"),
        ("selection.usecases", "import sqlalchemy", "know no web, database, broker or pydantic"),
        ("shared.kernel", "import httpx", "know no web, database, broker or pydantic"),
        ("selection.usecases", "import shared.work", "use the pure kernel only"),
        ("funding.adapters.http", "import shared.contracts", "spoken at the edges only"),
    ],
)
def test_a_broken_contract_is_seen(tree: Path, module: str, line: str, contract: str) -> None:
    """One forbidden import in one place, and the contract that forbids it is named."""
    spoilt = tree.joinpath(*module.split(".")) / "__init__.py"
    spoilt.write_text(f"{line}\n")

    said = lint(tree)

    spoilt.write_text("")
    assert any(contract in row and row.rstrip().endswith("BROKEN") for row in said.splitlines()), said
