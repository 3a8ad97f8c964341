"""The one Dockerfile: what judges such files finds nothing, and what it promises stands in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from shared.testing.opstools import ROOT, run_tool

DOCKERFILE = ROOT / "deploy" / "Dockerfile"


def _stages() -> list[str]:
    return re.split(r"(?m)^(?=FROM )", DOCKERFILE.read_text())[1:]


def test_hadolint_finds_nothing() -> None:
    assert run_tool("hadolint", "--failure-threshold", "style", str(DOCKERFILE)) == ""


def test_checkov_finds_nothing_and_every_skip_has_a_reason() -> None:
    arguments = ("--skip-download", "--framework", "dockerfile", "--output", "json", "--file", str(DOCKERFILE))
    found = json.loads(run_tool("checkov", *arguments))
    assert found["summary"]["failed"] == 0
    assert found["summary"]["passed"] > 50
    skips = re.findall(r"checkov:skip=(\w+):?(.*)", DOCKERFILE.read_text())
    assert all(len(reason) > 20 for _, reason in skips)


def test_the_final_stage_runs_nothing_and_is_nobody() -> None:
    final = _stages()[-1]
    assert not re.search(r"(?m)^(RUN|ADD) ", final), "a final stage that runs nothing holds no compiler and no cache"
    account, _, group = re.search(r"(?m)^USER (\S+)$", final).group(1).partition(":")  # type: ignore[union-attr]
    assert int(account) >= 10_000
    assert int(group) >= 10_000
    assert "HEALTHCHECK" in final
    assert "shared.probe" in final


def test_only_locked_packages_are_installed() -> None:
    text = DOCKERFILE.read_text().replace("\\\n", " ")
    installs = re.findall(r"pip (?:--python \S+ )?install ([^&\n]*)", text)
    assert len(installs) == 3
    assert all("--require-hashes" in one or ("--no-index" in one and "--no-deps" in one) for one in installs)


def test_no_index_and_no_secret_is_named() -> None:
    text = DOCKERFILE.read_text()
    assert not re.findall(r"https?://", text)
    assert 'ARG PIP_INDEX_URL=""' in text


def test_what_is_copied_is_what_is_sent() -> None:
    """Every source of a COPY is let through by .dockerignore, and nothing else is."""
    copied = {
        source
        for line in re.findall(r"(?m)^COPY (?!--from)(.+)$", DOCKERFILE.read_text())
        for source in line.split()[:-1]
    }
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert {line[1:] for line in lines if line.startswith("!")} == copied
    assert all((ROOT / Path(source)).exists() for source in copied)
