"""The overlay for a cluster of one machine builds, is valid and keeps to the restricted profile, which its namespace enforces."""

from __future__ import annotations

import subprocess

import pytest
import yaml

from shared.testing.manifests import MEMBERS, TREE, Document, containers, of_kind, pods
from shared.testing.opstools import ROOT, run_tool

LOCAL = TREE / "local"


@pytest.fixture(scope="module")
def local() -> list[Document]:
    return list(yaml.safe_load_all(run_tool("kubectl", "kustomize", str(LOCAL / "overlay"))))


def test_everybody_is_confined(local: list[Document]) -> None:
    """No root, no gain, nothing written outside its mounts, no folder of the node; numbers may be those of a database."""
    for name, _, pod in pods(local):
        security = pod["securityContext"]
        assert security["runAsNonRoot"] is True, name
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not any("hostPath" in volume for volume in pod.get("volumes", ())), name
        for container in containers(pod):
            assert container["imagePullPolicy"] == "IfNotPresent", name
            assert container["securityContext"]["allowPrivilegeEscalation"] is False, name
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name


def test_every_member_has_the_clock_and_nobody_else(local: list[Document]) -> None:
    """The business clock is a setting of every member, a file of the claim that every API and worker mounts."""
    for settings in of_kind(local, "ConfigMap"):
        member = settings["metadata"]["name"].partition("-settings")[0]
        if member in MEMBERS:
            assert settings["data"][f"{member.upper()}_CLOCK_FILE"] == "/run/clock/clock"
    mounting = {
        labels["app.kubernetes.io/name"]
        for _, labels, pod in pods(local)
        if any(volume.get("persistentVolumeClaim") == {"claimName": "clock"} for volume in pod.get("volumes", ()))
    }
    assert mounting == set(MEMBERS)


def test_the_scripts_can_be_read() -> None:
    """Bash knows every line; what they need besides stands in the README."""
    scripts = sorted(LOCAL.glob("*.sh"))
    readme = (LOCAL / "README.md").read_text(encoding="utf-8")
    for script in scripts:
        subprocess.run(["bash", "-n", str(script)], check=True)  # noqa: S607
        assert script.name in readme or script.name in "".join(p.read_text(encoding="utf-8") for p in scripts)
    assert (ROOT / "deploy" / "compose" / "kafka" / "healthy.sh").exists()
