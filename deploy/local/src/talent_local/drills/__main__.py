"""``python -m talent_local.drills NAME …``: run drills on a platform of its own that carries a small cohort.

``upgrade`` and ``rotate`` run while the cohort is carried, ``lose-log`` and ``restore`` after it, on the same platform and
in this order.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from talent_local.cohort.cohort import SMALL
from talent_local.cohort.run import carry
from talent_local.cohort.trial import rebuilt_equals_live, rest
from talent_local.drills import books, losing_the_log, restoring, rotating, upgrading
from talent_local.drills.fleet import a_fleet
from talent_local.drills.load import a_load
from talent_local.drills.table import Table
from talent_local.home import Home
from talent_local.running import platform

ROLLING = ("upgrade", "rotate")
NAMES = (*ROLLING, "lose-log", "restore")


async def rolling(home: Home, names: Set[str], scratch: Path, revision: str | None) -> Table:
    """Replace programs while the cohort is carried."""
    table = Table("Under load: " + ", ".join(name for name in ROLLING if name in names))
    earlier = ""
    if "upgrade" in names:
        revision = revision or upgrading.release_before_newest_migrations()
        earlier = upgrading.unpacked(revision, scratch / "earlier")
        table.add("N", revision)
    async with a_fleet(home, earlier) as fleet:
        async with a_load(home) as load:
            if "upgrade" in names:
                table.add("schemas of N", upgrading.heads(fleet))
                await upgrading.drill(fleet, load, table, earlier)
                table.add("schemas of N+1", upgrading.heads(fleet))
            if "rotate" in names:
                await rotating.drill(fleet, load, table)
            await load.done()
        await load.tell(home, table)
        found = await rest(home)
        table.add("invariants of the auditor violated", len(found), "0", not found)
        same, _ = await asyncio.to_thread(rebuilt_equals_live, home)
        table.add("read model rebuilt from the log equals live", same, "True", same)
        await asyncio.to_thread(books.count, home, table)
        await asyncio.to_thread(books.trails, home, table)
        table.add("programs replaced", fleet.rolled)
    return table


async def at_rest(home: Home, names: Set[str], scratch: Path) -> list[Table]:
    """What is done to a platform that holds a cohort."""
    await carry(home, SMALL, say=_quiet)
    tables = []
    if "lose-log" in names:
        tables.append(await losing_the_log.drill(home))
    if "restore" in names:
        tables.append(await restoring.drill(home, scratch / "kept"))
    return tables


def run(names: Set[str], revision: str | None, *, kafka: bool) -> list[Table]:
    """Run the named drills in a scratch directory."""
    with _scratch() as scratch:
        home, tables = Home(scratch / "home"), []
        try:
            if names & {*ROLLING}:
                tables.append(asyncio.run(rolling(home, names, scratch, revision)))
            if names - {*ROLLING}:
                platform.start(home, log=platform.OWN_BROKER if kafka else None, say=_quiet)
                tables += asyncio.run(at_rest(home, names, scratch))
            return tables
        finally:
            platform.wipe(home, say=_quiet)


def main() -> int:
    """Command line; 1 when a demand did not hold."""
    os.umask(0o022)
    parser = argparse.ArgumentParser(prog="python -m talent_local.drills", description=__doc__)
    parser.add_argument("names", nargs="+", choices=NAMES)
    parser.add_argument("--kafka", action="store_true", help="restore, lose-log: on a real broker (Java 17 and Maven)")
    parser.add_argument(
        "--from", dest="revision", help="upgrade: N; without, the newest tag or what was before the newest migration"
    )
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave by the way that stops the platform
    began = time.monotonic()
    tables = run(set(asked.names), asked.revision, kafka=asked.kafka)
    load = " ".join(f"{share:.1f}" for share in os.getloadavg())
    told = f"{time.monotonic() - began:.0f} s in all; load of the machine in the end {load} on {os.cpu_count()} cores"
    sys.stdout.write("\n\n".join([*map(str, tables), told]) + "\n")
    return 0 if all(table.held for table in tables) else 1


@contextmanager
def _scratch() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="talent-drill-"))
    root.chmod(0o755)  # PostgreSQL may run as another account
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _quiet(_: str) -> None:
    """Say nothing."""


if __name__ == "__main__":
    sys.exit(main())
