"""Drill: from the earlier release to this one, back and forth again, while people work; the schema only grows."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import time
from io import BytesIO
from pathlib import Path

from talent_local.drills.fleet import REPLACED, Fleet
from talent_local.drills.load import Load
from talent_local.drills.table import Table
from talent_local.home import checkout
from talent_local.running.servers import postgres
from talent_local.trouble import Trouble

MEMBERS = ("shared", "services/selection", "services/placement", "services/assessment", "services/funding", "gateway")
MIGRATIONS = "*/migrations/versions/*.py"


async def drill(fleet: Fleet, load: Load, table: Table, earlier: str, commands: int = 40) -> None:
    """Upgrade a fleet of the release ``earlier``, take it back, upgrade it again.

    Args:
        fleet: runs the earlier release.
        load: goes on meanwhile.
        table: hears what was seen.
        earlier: ``PYTHONPATH`` of that release.
        commands: so many are answered between two moves.
    """
    await load.more(commands)
    began = time.monotonic()
    fleet.source = ""
    await fleet.migrate()
    table.add("schema brought to this release while the earlier one runs", f"{time.monotonic() - began:.1f} s")
    await load.more(commands)
    for name, source in (("N → N+1", ""), ("N+1 → N, on the schema of N+1", earlier), ("N → N+1 again", "")):
        fleet.source = source
        began = time.monotonic()
        await fleet.roll_all()
        table.add(f"{name}: five programs replaced", f"{time.monotonic() - began:.1f} s")
        await load.more(commands)


def release_before_newest_migrations() -> str:
    """The newest tag, or, until there are any, the commit before the newest revision of a schema: what N is.

    Raises:
        Trouble: this is no clone, or its history does not reach that far.
    """
    tags = _git("tag", "--list", "v*", "--sort=-creatordate").split()
    if tags:
        return tags[0]
    newest = _git("log", "-1", "--diff-filter=A", "--format=%H", "--", MIGRATIONS).strip()
    return _git("rev-parse", "--short", f"{newest}~1").strip()


def unpacked(revision: str, folder: Path) -> str:
    """Write the tree of a revision into ``folder``; the ``PYTHONPATH`` under which it runs.

    Raises:
        Trouble: the revision is not here, or its code is not what would run.
    """
    content = subprocess.run([_program(), "archive", revision], cwd=checkout(), capture_output=True, check=False)
    if content.returncode:
        raise Trouble(f"The release {revision} is not here.", "A clone with its history is needed.")
    with tarfile.open(fileobj=BytesIO(content.stdout)) as archive:
        archive.extractall(folder, filter="data")
    source = ":".join(str(folder / member / "src") for member in MEMBERS)
    told = subprocess.run(
        [sys.executable, "-c", "import gateway, shared; print(gateway.__file__, shared.__file__)"],
        env={"PYTHONPATH": source}, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    if not all(path.startswith(str(folder)) for path in told):
        raise Trouble(f"The code of {revision} would not be what runs: {told}.")
    return source


def heads(fleet: Fleet) -> str:
    """The schema revisions of all databases, for the table."""
    found = [
        postgres(fleet.home).execute("SELECT version_num FROM alembic_version", database=name).strip()
        for name in REPLACED
    ]
    return ", ".join(f"{name} {head}" for name, head in zip(REPLACED, found, strict=True))


def _program() -> str:
    found = shutil.which("git")
    if found is None:
        raise Trouble("git is not installed.", "The earlier release is taken from the history of this clone.")
    return found


def _git(*arguments: str) -> str:
    done = subprocess.run([_program(), *arguments], cwd=checkout(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"git {arguments[0]}: {done.stderr.strip()}", "A clone with its history is needed.")
    return done.stdout
