"""`talent kafka`: a real Apache Kafka broker on this machine."""

from __future__ import annotations

import shutil

import typer

from talent_local.doctor import KAFKA_JAVA, java_version
from talent_local.home import Home
from talent_local.running import containers
from talent_local.running.platform import OWN_BROKER
from talent_local.running.servers import broker, servers
from talent_local.running.supervising import supervisor
from talent_local.trouble import Trouble

app = typer.Typer(
    help="A real Kafka broker (KRaft) on this machine: from its jars with Java 17 and Maven, else from Docker."
)


@app.command()
def up() -> None:
    """Start the broker and print its bootstrap address."""
    java = java_version()
    if java is not None and java >= KAFKA_JAVA and shutil.which("mvn"):
        home = Home.find().create()
        servers(home, ["kafka"])["kafka"].start()
        typer.echo(broker(home).bootstrap)
        return
    if not containers.docker_answers():
        raise Trouble("No Kafka can be started here.", f"Install Java {KAFKA_JAVA} and Maven, or Docker with compose.")
    if not containers.contained_broker_up():
        raise Trouble("Docker could not start the broker.", f"See: docker compose -f {containers.COMPOSE} up")
    typer.echo(f"{containers.COMPOSE_BOOTSTRAP} (Docker; use it by: talent up --kafka {containers.COMPOSE_BOOTSTRAP})")


@app.command()
def down() -> None:
    """Stop the broker; its records are kept."""
    home = Home.find()
    if (home.read("log") or {}).get("kind") == OWN_BROKER and supervisor(home) is not None:
        raise Trouble("The platform publishes to this broker.", "Stop the platform first: talent down")
    unit = servers(home, ["kafka"])["kafka"]
    running = unit.pid is not None
    if running:
        unit.stop()
    elif containers.contained_broker_runs():
        running = containers.contained_broker_down()
    typer.echo("Kafka stopped" if running else "Kafka does not run")


@app.command()
def status() -> None:
    """Bootstrap address and process id; status 1 when it does not run."""
    home = Home.find()
    pid = broker(home).pid
    if pid:
        typer.echo(f"{broker(home).bootstrap} (process {pid})")
    elif containers.contained_broker_runs():
        typer.echo(f"{containers.COMPOSE_BOOTSTRAP} (Docker)")
    else:
        typer.echo("Kafka does not run")
        raise typer.Exit(1)
