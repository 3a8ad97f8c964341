"""The test run without a broker: loud, and an error when Kafka is required."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from talent_local.home import checkout
from talent_local.running.containers import COMPOSE, COMPOSE_BOOTSTRAP


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    """A test run on a machine without Java, Maven and Docker, that collects one file."""
    kept = {key: value for key, value in os.environ.items() if key not in {"JAVA_HOME", "KAFKA_BOOTSTRAP_SERVERS"}}
    command = [sys.executable, "-m", "talent_local.testrun", "--collect-only", "-q", __file__]
    return subprocess.run(
        command,
        env=kept | {"PATH": "/nowhere", "REQUIRE_KAFKA": "0"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_kafka_the_tests_run_and_say_so_loudly() -> None:
    """Nobody may believe that Kafka was tested."""
    done = run()

    assert done.returncode == 0
    assert "NO KAFKA" in done.stderr
    assert "tests collected" in done.stdout.splitlines()[-1]


def test_without_a_required_kafka_nothing_runs() -> None:
    """The gate insists."""
    done = run(REQUIRE_KAFKA="1")

    assert done.returncode == 1
    assert "Kafka is required" in done.stderr
    assert "collected" not in done.stdout


def test_a_named_broker_is_taken() -> None:
    """KAFKA_BOOTSTRAP_SERVERS wins over starting one."""
    done = run(REQUIRE_KAFKA="1", KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1")

    assert done.returncode == 0
    assert "Kafka: 127.0.0.1:1" in done.stdout


def test_the_compose_file_runs_the_version_of_the_jars() -> None:
    """Two ways to a broker, one broker."""
    pom = (checkout() / "deploy" / "local" / "kafka" / "pom.xml").read_text(encoding="utf-8")
    compose = COMPOSE.read_text(encoding="utf-8")

    version = pom.partition("<kafka.version>")[2].partition("<")[0]

    assert f"image: apache/kafka:{version}\n" in compose
    assert COMPOSE_BOOTSTRAP in compose


def test_without_java_the_broker_comes_from_the_compose_file(tmp_path: Path) -> None:
    """`talent kafka up` and `down` ask Docker where it answers; a recording stand-in takes Docker's place."""
    said = tmp_path / "said"
    docker = tmp_path / "docker"
    docker.write_text(f'#!/bin/sh\necho "$@" >> {said}\ncase "$*" in *ps*) echo id;; esac\n')
    docker.chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if key != "JAVA_HOME"}
    environment = kept | {"PATH": str(tmp_path), "TALENT_HOME": str(tmp_path / "home")}

    def kafka(action: str) -> str:
        command = [sys.executable, "-m", "talent_local", "kafka", action]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert kafka("up").startswith(f"{COMPOSE_BOOTSTRAP} (Docker")
    assert kafka("status").startswith(COMPOSE_BOOTSTRAP)
    assert kafka("down") == "Kafka stopped\n"
    assert f"compose -f {COMPOSE} up --detach --wait" in said.read_text()
    assert f"compose -f {COMPOSE} down" in said.read_text()
