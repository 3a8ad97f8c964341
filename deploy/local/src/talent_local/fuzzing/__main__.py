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
from talent_local.fuzzing.raw import shoot
from talent_local.fuzzing.streams import listen
from talent_local.home import Home


def main() -> int:
    """Send, count, tell; 1 when something was found."""
    parser = argparse.ArgumentParser(prog="python -m talent_local.fuzzing", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="state directory of a platform with a small cohort")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--examples", type=int, default=10, help="fuzzed cases per operation and mode")
    parser.add_argument("--phases", nargs="+", choices=PHASES, default=list(PHASES))
    parser.add_argument("--prefix", nargs="*", default=[], help="only paths that begin so")
    parser.add_argument("--share", type=int, default=100, help="percent of the coverage cases")
    parser.add_argument("--raw", type=int, default=0, help="byte-wise requests of each kind and operation")
    parser.add_argument("--report", type=Path, help="write the report as JSON")
    given = parser.parse_args()
    began = time.monotonic()
    ground = asyncio.run(prepared(Home(given.home)))
    prefixes = tuple(given.prefix)
    campaign = Campaign(given.seed, given.examples, tuple(given.phases), prefixes, given.share)
    report = run(campaign, ground)
    if given.raw:
        report.take(shoot(ground, given.seed, each=given.raw, prefixes=prefixes).dumped())
        report.take(listen(ground).dumped())
    if given.report:
        given.report.write_text(json.dumps(report.dumped(), ensure_ascii=True))
    print("\n".join(report.table()))
    print("\n\n".join(map(str, report.findings.values())))
    print("\n".join(report.errors))
    print(f"{report.total} cases, {len(report.findings)} findings, {time.monotonic() - began:.0f} s")
    return 1 if report.findings or report.errors else 0


if __name__ == "__main__":
    sys.exit(main())
