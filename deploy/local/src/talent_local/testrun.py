"""`make test` after the static checks: find or start a Kafka broker, run pytest with it, stop what was started.

KAFKA_BOOTSTRAP_SERVERS names a broker that runs already. Otherwise one is started from its jars (Java 17 and Maven).
Without either the tests on Kafka are skipped, loudly; REQUIRE_KAFKA=1 makes that an error.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from talent_local.doctor import KAFKA_JAVA, java_version
from talent_local.home import Home, checkout
from talent_local.kafka_broker import KafkaBroker, KafkaUnavailable
from talent_local.running.servers import broker

BOOTSTRAP = "KAFKA_BOOTSTRAP_SERVERS"


def main(arguments: list[str]) -> int:
    """Run the tests; the exit status is pytest's, or 1 when Kafka is required and cannot be had."""
    os.umask(0o022)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave by the way that stops the broker
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("TALENT_", "PG"))}
    with tempfile.TemporaryDirectory(prefix="talent-test-", ignore_cleanup_errors=True) as folder:
        started: KafkaBroker | None = None
        try:
            if environment.get(BOOTSTRAP):
                say(f"Kafka: {environment[BOOTSTRAP]} (from {BOOTSTRAP})")
            else:
                started, trouble = start_broker(Home(Path(folder)))
                if started is not None:
                    environment[BOOTSTRAP] = started.bootstrap
                    say(f"Kafka: a broker was started at {started.bootstrap}")
                elif environment.get("REQUIRE_KAFKA") == "1":
                    warn("Kafka is required (REQUIRE_KAFKA=1) and cannot be had.", trouble)
                    return 1
                else:
                    warn("NO KAFKA: the event log is tested on its embedded form only.", trouble)
            command = [sys.executable, "-m", "pytest", *arguments]
            return subprocess.run(command, cwd=checkout(), env=environment, check=False).returncode
        finally:
            if started is not None:
                started.stop()


def start_broker(home: Home) -> tuple[KafkaBroker | None, str]:
    """A running broker with its data in `home`, or None and the reason."""
    java = java_version()
    if java is None or java < KAFKA_JAVA:
        return None, f"Java {KAFKA_JAVA} is needed; found: {java or 'none'}."
    if shutil.which("mvn") is None:
        return None, "Maven (mvn) is needed to fetch the broker's jars."
    candidate = broker(home)
    try:
        candidate.start()
    except (KafkaUnavailable, OSError, subprocess.SubprocessError) as error:
        candidate.kill()
        return None, str(error)
    return candidate, ""


def say(line: str) -> None:
    """A line before pytest's own output."""
    print(line, flush=True)


def warn(headline: str, reason: str) -> None:
    """A headline that cannot be overlooked, and what to do."""
    bar = "!" * 88
    advice = f"Install Java {KAFKA_JAVA} and Maven, or name a broker: {BOOTSTRAP}=host:port make test"
    print(f"{bar}\n{headline}\n{reason}\n{advice}\n{bar}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
