"""A Kafka broker in a container, for a machine with Docker and without Java; the same version as the jars give."""

from __future__ import annotations

import subprocess
from typing import Final

from talent_local.home import checkout

COMPOSE: Final = checkout() / "deploy" / "local" / "kafka" / "compose.yaml"
COMPOSE_BOOTSTRAP: Final = "127.0.0.1:9092"
_COMPOSE: Final = ("docker", "compose", "-f", str(COMPOSE))


def docker_answers() -> bool:
    """True when a Docker engine and its compose command are there."""
    return _ends_well("docker", "info") and _ends_well("docker", "compose", "version")


def contained_broker_up() -> bool:
    """Start the container and wait until it is healthy; False when Docker could not."""
    return _ends_well(*_COMPOSE, "up", "--detach", "--wait", seconds=300)


def contained_broker_down(*, wipe: bool = False) -> bool:
    """Stop the container; with ``wipe`` its records go, too."""
    return _ends_well(*_COMPOSE, "down", *(["--volumes"] if wipe else []))


def contained_broker_runs() -> bool:
    """True when the container is up."""
    done = _run(*_COMPOSE, "ps", "--quiet", "--status", "running")
    return done is not None and done.returncode == 0 and bool(done.stdout.strip())


def _ends_well(*command: str, seconds: float = 60) -> bool:
    done = _run(*command, seconds=seconds)
    return done is not None and done.returncode == 0


def _run(*command: str, seconds: float = 60) -> subprocess.CompletedProcess[bytes] | None:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired):
        return None
