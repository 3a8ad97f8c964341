"""Finds promtool for tests: in PATH, as kept before, or from Debian's package; else says why not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


class NoPromtool(Exception):
    """promtool cannot be had here; the message says what would help."""


def promtool(root: Path) -> Path:
    """The program; afterwards it lies below ``.run/ops``.

    Args:
        root: of the checkout.

    Raises:
        NoPromtool: neither in PATH nor to be unpacked.
    """
    if found := shutil.which("promtool"):
        return Path(found)
    place = root / ".run" / "ops" / "promtool"
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    if not _unpacked(place):
        raise NoPromtool(
            "promtool is missing: put it into PATH (it comes with Prometheus), or run `apt-get update` on Debian"
        )
    return place


def _unpacked(place: Path) -> bool:
    """Debian's package ``prometheus``, unpacked without being installed."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return False
    folder = place.with_suffix(".deb")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        if not _runs(["apt-get", "download", "prometheus"], folder, 120):
            return False
        package = next(folder.glob("prometheus_*.deb"), None)
        if package is None or not _runs(["dpkg-deb", "-x", str(package), "."], folder, 60):
            return False
        return _kept(folder / "usr" / "bin" / "promtool", place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _kept(made: Path, place: Path) -> bool:
    if not made.exists():
        return False
    shutil.move(made, place)
    return True


def _runs(command: list[str], folder: Path, seconds: float) -> bool:
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=seconds, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
