"""The merged contract is fuzzed through the door: what is documented happens, and nothing else (decision 0037).

Always the same cases; ``FUZZ_SEED=<number>`` searches with another seed, ``FUZZ_SHARE=100`` sends every enumerated case.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from talent_local.cohort.cohort import SMALL
from talent_local.cohort.run import carry
from talent_local.cohort.trial import a_platform, rest
from talent_local.fuzzing.report import Report
from talent_local.home import Home

pytestmark = [pytest.mark.journey, pytest.mark.timeout(2400)]

SEED = os.environ.get("FUZZ_SEED", "20240901")
SHARE = os.environ.get("FUZZ_SHARE", "32")
CASES = 10_000
STREAMS = 200
FAILED = re.compile(r'"level":\s*"(?:error|critical)"|Traceback')
"""What a line of a log looks like that tells of a failure."""
FUZZED = "I7 "
"""Cases that fuzzing itself opened may be on their way; everything else must hold as after the walk."""


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A platform of its own with a walked cohort: what fuzzing does to it, no other test sees."""
    with a_platform() as found:
        asyncio.run(carry(found, SMALL, say=lambda _: None))
        yield found


@pytest.fixture(scope="module")
def report(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What the campaign found, in a process of its own."""
    told = tmp_path_factory.mktemp("fuzz") / "report.json"
    command = [
        sys.executable, "-m", "talent_local.fuzzing", "--home", str(home.root), "--seed", SEED, "--share", SHARE,
        "--examples", "3", "--raw", "1", "--report", str(told),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=2000, check=False)
    assert told.exists(), done.stderr[-3000:]
    found = Report()
    found.take(json.loads(told.read_text()))
    sys.stdout.write("\n".join(found.table()) + "\n")
    return found


def test_the_contract_holds_whatever_is_sent(report: Report) -> None:
    """No 5xx, no status, header, media type or shape that is not documented, no wrong data taken."""
    assert not report.findings, "\n\n".join(map(str, report.findings.values()))
    assert not report.errors, "\n".join(report.errors)


def test_ten_thousand_cases_were_sent(report: Report) -> None:
    """Counted: requests of the tool itself; what its checks asked besides, byte-wise ones and streams come on top."""
    sent = sum(count for (phase, _), count in report.cases.items() if phase not in {"raw", "stream"})

    assert sent >= CASES
    assert sum(count for (phase, _), count in report.cases.items() if phase == "stream") > STREAMS


def test_nothing_is_amiss_behind_the_door(home: Home, report: Report) -> None:
    """No failure in a log; the auditor finds every event numbered, delivered and applied, and the books in balance."""
    del report
    failures = [
        f"{log.name}: {line[:300]} … {line[-1500:]}"
        for log in sorted((home.root / "logs").glob("*.log"))
        for line in log.read_text(errors="replace").splitlines()
        if FAILED.search(line)
    ]

    assert not failures, "\n".join(failures)
    assert [each for each in asyncio.run(rest(home)) if not each.startswith(FUZZED)] == []
