"""checkov finds nothing; what it may not judge is named with its reason in ``deploy/k8s/checkov.yaml``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.testing.manifests import TREE, Document, broken
from shared.testing.opstools import tool

CONFIGURATION = TREE / "checkov.yaml"


def judged(folder: Path) -> dict[str, Any]:
    """Checkov's report of the Kubernetes manifests in a folder."""
    command = [str(tool("checkov")), "--config-file", str(CONFIGURATION), "--directory", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    report = json.loads(done.stdout)
    assert isinstance(report, dict), done.stderr[-2000:]
    return report


def _failed(report: dict[str, Any], folder: str) -> list[str]:
    rows = report["results"]["failed_checks"]
    return sorted({f"{r['check_id']} {r['resource']}: {r['check_name']}" for r in rows if folder in r["file_path"]})


@pytest.fixture(scope="module")
def report(everything: dict[str, list[Document]], prod: list[Document], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:  # fmt: skip
    """One run over all overlays with all components, and over one manifest that is bad on purpose."""
    folder = tmp_path_factory.mktemp("checkov")
    bad = broken(prod, "Deployment/funding-api", lambda d: d["spec"]["template"]["spec"].pop("securityContext"))
    wanted = [each for each in bad if each["metadata"]["name"] == "funding-api"]
    for name, documents in (everything | {"bad": wanted}).items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump_all(documents), encoding="utf-8")
    return judged(folder)


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_nothing_fails(name: str, report: dict[str, Any]) -> None:
    """Zero failures, and not because nothing was looked at."""
    assert _failed(report, f"/{name}.yaml") == []
    assert report["summary"]["passed"] > 3000
    assert report["summary"]["parsing_errors"] == 0


def test_a_bad_manifest_is_noticed(report: dict[str, Any]) -> None:
    """Negative control: pods that may be root and without seccomp."""
    found = " ".join(_failed(report, "/bad.yaml"))
    assert "CKV_K8S_31" in found
    assert "CKV_K8S_40" in found


def test_every_skip_has_its_reason() -> None:
    """A check that is left out says why, in the line before it."""
    lines = [line.strip() for line in CONFIGURATION.read_text(encoding="utf-8").splitlines()]
    skips = [number for number, line in enumerate(lines) if line.startswith("- CKV")]
    assert skips
    assert all(lines[number - 1].startswith("# ") and len(lines[number - 1]) > 40 for number in skips)
