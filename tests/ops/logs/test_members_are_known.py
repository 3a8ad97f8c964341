"""Every line that the code writes names members that are let through: a line that loses its subject helps nobody."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from shared.logs import ALLOWED

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [ROOT / "shared" / "src", ROOT / "gateway" / "src", *(ROOT / "services").glob("*/src")]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
NOT_MEMBERS = {"exc_info"}


def _lines() -> Iterator[tuple[str, set[str]]]:
    """Where a line is written, and the members it names."""
    for path in (found for source in SOURCES for found in source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LEVELS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "_log"
            ):
                yield f"{path.name}:{node.lineno}", {word.arg for word in node.keywords if word.arg} - NOT_MEMBERS


def test_every_line_names_members_that_are_let_through() -> None:
    lines = list(_lines())

    assert len(lines) > 20
    assert {place: named - ALLOWED for place, named in lines if named - ALLOWED} == {}
