"""The same cohort on a real Kafka broker: the event log is a port, and nobody can tell the difference."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

from talent_local.cohort.cohort import SMALL
from talent_local.cohort.run import carry
from talent_local.cohort.trial import a_platform, outcome
from talent_local.doctor import KAFKA_JAVA, java_version
from talent_local.running.platform import EMBEDDED, OWN_BROKER

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


def event_log() -> str:
    """A broker of our own where Java and Maven are, else the one that is named; skipped, or failed when required."""
    if (java_version() or 0) >= KAFKA_JAVA and shutil.which("mvn"):
        return OWN_BROKER
    named = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if named:
        return f"kafka://{named}"
    reason = "no Java 17 with Maven, and KAFKA_BOOTSTRAP_SERVERS names no broker: the journey is NOT proven on Kafka"
    if os.environ.get("REQUIRE_KAFKA") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


async def test_the_same_cohort_leaves_the_same_journeys_and_books(carried: Any) -> None:
    """Same seed, same clock, same commands: byte for byte the same journeys, hashes and journal."""
    with a_platform(event_log()) as home:
        assert home.read("log")["kind"] != EMBEDDED
        await carry(home, SMALL, say=lambda _: None)
        found = await outcome(home, SMALL)

    assert found.violations == []
    assert found.journeys == carried.outcome.journeys
    assert found.figures == carried.outcome.figures
    assert found.book == carried.outcome.book
