"""``python -m talent_local.drills NAME``: carry a small cohort on a platform of its own, then run the drill on it."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from talent_local.cohort.cohort import SMALL
from talent_local.cohort.run import carry
from talent_local.cohort.trial import a_platform
from talent_local.drills import losing_the_log, restoring
from talent_local.drills.table import Table
from talent_local.home import Home
from talent_local.running.platform import EMBEDDED, OWN_BROKER

NAMES = ("restore", "lose-log")


async def run(home: Home, name: str) -> Table:
    """Carry the cohort and run one drill."""
    await carry(home, SMALL, say=_quiet)
    if name == "lose-log":
        return await losing_the_log.drill(home)
    with tempfile.TemporaryDirectory(prefix="talent-backup-") as folder:
        return await restoring.drill(home, Path(folder))


def main() -> int:
    """Command line; 1 when a demand did not hold."""
    parser = argparse.ArgumentParser(prog="python -m talent_local.drills", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--kafka", action="store_true", help="on a real broker (Java 17 and Maven)")
    asked = parser.parse_args()
    began = time.monotonic()
    with a_platform(OWN_BROKER if asked.kafka else EMBEDDED) as home:
        table = asyncio.run(run(home, asked.name))
    sys.stdout.write(f"{table}\n\n{time.monotonic() - began:.0f} s in all\n")
    return 0 if table.held else 1


def _quiet(_: str) -> None:
    """Say nothing."""


if __name__ == "__main__":
    sys.exit(main())
