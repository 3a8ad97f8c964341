"""What the operators' documents name exists: tests, alerts, commands, files."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
SECURITY = (ROOT / "docs" / "security.md").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
RULES = ROOT / "deploy" / "observability" / "rules"
_TEST = re.compile(r"`([\w/.-]+\.py)(?:::(\w+))?`")
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
RISKS = [f"API{number} " for number in range(1, 11)]


@cache
def functions(path: str) -> frozenset[str]:
    found = ast.walk(ast.parse((ROOT / path).read_text()))
    return frozenset(node.name for node in found if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("text", [SECURITY, OPERATIONS], ids=["security", "operations"])
def test_every_test_that_is_named_exists(text: str) -> None:
    """A control whose test was renamed or went away is noticed here."""
    named = _TEST.findall(text)
    assert named
    missing = [f"{path}::{name}" for path, name in named if not (ROOT / path).is_file()]
    missing += [
        f"{path}::{name}" for path, name in named if name and (ROOT / path).is_file() and name not in functions(path)
    ]
    assert missing == []


def test_every_risk_of_owasp_names_a_test() -> None:
    """Ten rows, each with a control and at least one test function."""
    rows = {row.split("|")[1].strip(): row for row in SECURITY.splitlines() if row.startswith("| API")}
    assert [any(risk in f"{name} " for name in rows) for risk in RISKS] == [True] * 10
    assert [name for name, row in rows.items() if "::test_" not in row] == []


@pytest.mark.parametrize("name", ["security.md", "operations.md"])
def test_every_link_leads_somewhere(name: str) -> None:
    """Files and headings."""
    broken = []
    for path, anchor in _LINK.findall((ROOT / "docs" / name).read_text()):
        target = (ROOT / "docs" / path).resolve() if path else ROOT / "docs" / name
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            broken.append(f"{path}#{anchor}")
    assert broken == []


def test_every_alert_has_its_page_and_every_page_its_alert() -> None:
    """Who is woken finds a heading of the alert's name, with what to look at and what to do."""
    alerts = {rule["alert"] for group in _groups() for rule in group["rules"] if "alert" in rule}
    text = (ROOT / "docs" / "alerts.md").read_text()
    pages = dict(re.findall(r"^## Alert: (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert set(pages) == alerts
    assert [name for name, page in pages.items() if len(page.split()) < 20] == []


def _groups() -> list[dict[str, Any]]:
    files = sorted(RULES.glob("*.yaml"))
    return [group for path in files for group in yaml.safe_load(path.read_text())["groups"]]
