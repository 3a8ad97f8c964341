"""The servers below the platform, PostgreSQL and Kafka, as units; and what is prepared in them."""

from __future__ import annotations

from typing import Any, Final

from shared.embedded_postgres import DURABLE, EmbeddedPostgres, PostgresUnavailable
from talent_local.home import Home, checkout
from talent_local.kafka_broker import KafkaBroker, KafkaUnavailable
from talent_local.running.units import Unit
from talent_local.trouble import Trouble

SERVICES: Final = ("selection", "placement", "assessment", "funding")
DATABASES: Final = (*SERVICES, "gateway", "event_log")
"""One database and one role of the same name each; nobody reads another's."""


class Server:
    """A server as a unit: at most one process starts it at a time."""

    def __init__(self, home: Home, name: str, engine: Unit) -> None:
        self.name = name
        self._home = home
        self._engine = engine

    @property
    def pid(self) -> int | None:
        """Process id of the live server, or None."""
        return self._engine.pid

    def start(self) -> None:
        """Start it unless it runs, clearing what a crash left.

        Raises:
            Trouble: with the server's own words.
        """
        with self._home.locked(f"{self.name}.lock"):
            try:
                self._engine.start()
            except (PostgresUnavailable, KafkaUnavailable) as error:
                raise Trouble(
                    f"{self.name} does not start: {error}", "`talent doctor` says what is missing."
                ) from error

    def stop(self) -> None:
        """End it in order."""
        with self._home.locked(f"{self.name}.lock"):
            self._engine.stop()

    def kill(self) -> None:
        """Crash it."""
        self._engine.kill()


def postgres(home: Home) -> EmbeddedPostgres:
    """The PostgreSQL of this state directory; committed work survives a crash of the machine.

    Where `talent backup on` named a folder, every change is also archived there.
    """
    kept = home.read("backup")
    return EmbeddedPostgres(home.postgres, settings=DURABLE | archiving(kept) if kept else DURABLE)


def archiving(kept: dict[str, Any]) -> dict[str, str]:
    """Settings by which the server hands over every segment of its log, and one that is not full after some seconds."""
    return {
        "wal_level": "replica",
        "archive_mode": "on",
        "archive_command": f'sh "{kept["to"]}/archive.sh" "%p" "%f"',
        "archive_timeout": f"{kept['seconds']}s",
    }


def broker(home: Home) -> KafkaBroker:
    """The Kafka broker of this state directory; the jars are gathered once per checkout."""
    return KafkaBroker(home.kafka, jars=checkout() / "deploy" / "local" / "kafka" / "target" / "jars")


def servers(home: Home, names: list[str]) -> dict[str, Unit]:
    """The named servers as units, PostgreSQL first."""
    engines: dict[str, Unit] = {}
    if "postgres" in names:
        engines["postgres"] = Server(home, "postgres", postgres(home))
    if "kafka" in names:
        engines["kafka"] = Server(home, "kafka", broker(home))
    return engines


def prepare_databases(home: Home) -> None:
    """Make the databases and roles that are missing, and let each role into its own database only."""
    server = postgres(home)
    for name in DATABASES:
        server.create_database(name, owner=name)
    statements = [f'REVOKE CONNECT, TEMPORARY ON DATABASE "{name}" FROM PUBLIC' for name in DATABASES]
    server.execute("; ".join(statements))
