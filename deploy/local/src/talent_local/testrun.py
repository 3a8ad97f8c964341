"""`make test` after the static checks: find or start a Kafka broker, run pytest with it, stop what was started.

KAFKA_BOOTSTRAP_SERVERS names a broker that runs already. Otherwise one is started: from its jars (Java 17 and Maven),
or from the compose file (Docker). Without any of these the tests on Kafka are skipped, loudly; REQUIRE_KAFKA=1 makes
that an error.

Without paths among the arguments the tests run in two processes side by side: those that start whole platforms, one
after the other, and the rest. What the first says is shown when the second has ended.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from talent_local.doctor import KAFKA_JAVA, java_version
from talent_local.home import Home, checkout
from talent_local.kafka_broker import KafkaUnavailable
from talent_local.running.containers import (
    COMPOSE,
    COMPOSE_BOOTSTRAP,
    contained_broker_down,
    contained_broker_up,
    docker_answers,
)
from talent_local.running.servers import broker

BOOTSTRAP: Final = "KAFKA_BOOTSTRAP_SERVERS"
WHOLE_PLATFORMS: Final = ("deploy/local/tests", "tests/chaos", "tests/journey")
REST: Final = ("shared/tests", "services", "gateway/tests", "tests")
"""Every other path of `testpaths`; pytest ignores no folder that is itself among the paths it is given."""


class NoKafka(Exception):
    """No broker can be had; the message says why."""


def main(arguments: list[str]) -> int:
    """Run the tests; the exit status is pytest's, or 1 when Kafka is required and cannot be had."""
    os.umask(0o022)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave by the way that stops the broker
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("TALENT_", "PG"))}
    with contextlib.ExitStack() as stack:
        try:
            environment[BOOTSTRAP] = environment.get(BOOTSTRAP) or stack.enter_context(a_broker())
            print(f"Kafka: {environment[BOOTSTRAP]}", flush=True)
        except NoKafka as error:
            if environment.get("REQUIRE_KAFKA") == "1":
                warn("Kafka is required (REQUIRE_KAFKA=1) and cannot be had.", str(error))
                return 1
            warn("NO KAFKA: the event log is tested on its embedded form only.", str(error))
            environment.pop(BOOTSTRAP, None)
        return run(arguments, environment)


def run(arguments: list[str], environment: dict[str, str]) -> int:
    """Run pytest, in two processes when everything is meant; its exit status, the worse of two."""
    command = [sys.executable, "-m", "pytest", *arguments]
    if any(not argument.startswith("-") for argument in arguments):
        return subprocess.run(command, cwd=checkout(), env=environment, check=False).returncode
    rest = [*REST, *(f"--ignore={folder}" for folder in WHOLE_PLATFORMS)]
    with tempfile.TemporaryFile() as told:
        platforms = subprocess.Popen(
            [*command, "-p", "no:cacheprovider", *WHOLE_PLATFORMS],
            cwd=checkout(),
            env=environment,
            stdout=told,
            stderr=told,
        )
        try:
            others = subprocess.run([*command, *rest], cwd=checkout(), env=environment, check=False).returncode
            status = platforms.wait()
        finally:
            platforms.terminate()
        told.seek(0)
        sys.stdout.buffer.write(told.read())
        sys.stdout.flush()
    return max(others, status)


@contextlib.contextmanager
def a_broker() -> Iterator[str]:
    """A broker of our own for as long as the tests run; gives its bootstrap address.

    Raises:
        NoKafka: when neither Java and Maven nor Docker give one.
    """
    java, reasons = java_version(), []
    if java is not None and java >= KAFKA_JAVA and shutil.which("mvn"):
        with tempfile.TemporaryDirectory(prefix="talent-test-kafka-", ignore_cleanup_errors=True) as folder:
            started = broker(Home(Path(folder)))
            try:
                started.start()
            except (KafkaUnavailable, OSError, subprocess.SubprocessError) as error:
                started.kill()
                reasons.append(str(error))
            else:
                try:
                    yield started.bootstrap
                finally:
                    started.stop()
                return
    else:
        reasons.append(f"Java {KAFKA_JAVA}: {java or 'none'}; Maven: {shutil.which('mvn') or 'none'}.")
    if not docker_answers():
        raise NoKafka("\n".join([*reasons, "Docker with compose: none that answers."]))
    if not contained_broker_up():
        raise NoKafka("\n".join([*reasons, f"Docker could not start the broker of {COMPOSE}."]))
    try:
        yield COMPOSE_BOOTSTRAP
    finally:
        contained_broker_down(wipe=True)


def warn(headline: str, reason: str) -> None:
    """A headline that cannot be overlooked, and what to do."""
    bar = "!" * 88
    advice = f"Install Java {KAFKA_JAVA} and Maven, or Docker, or name a broker: {BOOTSTRAP}=host:port make test"
    print(f"{bar}\n{headline}\n{reason}\n{advice}\n{bar}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
