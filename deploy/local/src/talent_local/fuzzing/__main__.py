"""Fuzz a running platform: ``python -m talent_local.fuzzing --help``."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path

from talent_local.fuzzing.campaign import PHASES, Campaign, run
from talent_local.fuzzing.ground import prepared
from talent_local.home import Home


def main() -> int:
    """Send, count, tell; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m talent_local.fuzzing", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="state directory of a platform with a small cohort")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--examples", type=int, default=10, help="fuzzed cases per operation and mode")
    parser.add_argument("--phases", nargs="+", choices=PHASES, default=list(PHASES))
    parser.add_argument("--prefix", nargs="*", default=[], help="only paths that begin so")
    parser.add_argument("--report", type=Path, help="write the report as JSON")
    given = parser.parse_args()
    began = time.monotonic()
    ground = asyncio.run(prepared(Home(given.home)))
    report = run(Campaign(given.seed, given.examples, tuple(given.phases), tuple(given.prefix)), ground)
    if given.report:
        given.report.write_text(json.dumps(report.dumped(), ensure_ascii=True))
    print("\n".join(report.table()))
    print("\n\n".join(map(str, report.findings.values())))
    print("\n".join(report.errors))
    print(f"{report.total} cases, {len(report.findings)} findings, {time.monotonic() - began:.0f} s")
    return 1 if report.findings or report.errors else 0


if __name__ == "__main__":
    sys.exit(main())
