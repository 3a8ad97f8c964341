"""Strict judges find nothing in the merged contract, not an error and not a warning.

The judges: Spectral with every rule of its OpenAPI set, the Netherlands API Design Rules, and Redocly's strictest set.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from shared.testing.node import NODE, environment, installed

TOOLS = Path(__file__).parent / "tools"
RULES = ("spectral.yaml", "nlgov.yaml", "redocly.yaml")
SPECTRAL = "node_modules/@stoplight/spectral-cli/dist/index.js"
REDOCLY = "node_modules/@redocly/cli/bin/cli.js"


@pytest.fixture(scope="module")
def tools() -> Path:
    return installed(TOOLS, *RULES)


def judged(tools: Path, *arguments: str) -> str:
    """What a linter writes to its output; it ends with 1 when it has found something."""
    done = subprocess.run(
        [str(NODE), *arguments], cwd=tools, env=environment() | {"REDOCLY_TELEMETRY": "off"}, capture_output=True,
        text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode in {0, 1}, done.stderr[-3000:]
    return done.stdout


def spectral(tools: Path, rules: str, document: Path) -> list[str]:
    found = json.loads(judged(tools, SPECTRAL, "lint", "-r", rules, str(document), "-f", "json", "--quiet") or "[]")
    return [f"{each['code']}: {each['message']} at {'/'.join(map(str, each['path']))}" for each in found]


def redocly(tools: Path, document: Path) -> list[str]:
    given = ("lint", os.path.relpath(document, tools), "--config", "redocly.yaml", "--format", "json")
    found = json.loads(judged(tools, REDOCLY, *given, "--max-problems", "200"))["problems"]
    return [f"{each['ruleId']}: {each['message']} at {each['location'][0].get('pointer')}" for each in found]


@pytest.fixture(scope="module")
def document(published: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("contract") / "openapi.json"
    place.write_bytes(published)
    return place


@pytest.mark.timeout(300)
@pytest.mark.parametrize("rules", ["spectral.yaml", "nlgov.yaml"])
def test_spectral_finds_nothing(tools: Path, document: Path, rules: str) -> None:
    """Not an error and not a warning."""
    assert spectral(tools, rules, document) == []


@pytest.mark.timeout(300)
def test_redocly_finds_nothing(tools: Path, document: Path) -> None:
    """Not an error and not a warning."""
    assert redocly(tools, document) == []


WRONG: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Wrong", "version": "1", "contact": {"name": "nobody"}},
    "servers": [{"url": "http://talent.invalid"}],
    "paths": {
        "/Calls/": {
            "get": {
                "requestBody": {"content": {}},
                "responses": {
                    "200": {
                        "description": "a list",
                        "content": {"application/json": {"schema": {"type": "array"}}},
                    },
                    "404": {"description": "no", "headers": {}, "content": {"application/json": {}}},
                },
            },
            "trace": {"responses": {"200": {"description": "ok", "headers": {}}}},
        },
        "/v1/call/{call_id}": {"get": {"responses": {"200": {"description": "ok", "headers": {}}}}},
    },
    "components": {
        "schemas": {
            "call_out": {"properties": {"closed_at": {"type": "string"}}},
            "Problem": {"required": ["title"]},
        }
    },
}


def test_each_design_rule_finds_what_it_is_about(tools: Path, tmp_path: Path) -> None:
    """A rule that never finds anything would say nothing when it is silent."""
    place = tmp_path / "wrong.json"
    place.write_text(json.dumps(WRONG))

    found = {each.partition(":")[0] for each in spectral(tools, "nlgov.yaml", place)}

    rules = {
        line.strip().rstrip(":") for line in (TOOLS / "nlgov.yaml").read_text().splitlines() if line[2:6] == "adr-"
    }
    assert rules - found == {"adr-openapi-3", "adr-contact-there"}, found
