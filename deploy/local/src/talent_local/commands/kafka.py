"""`talent kafka`: a real Apache Kafka broker on this machine."""

from __future__ import annotations

import typer

from talent_local.home import Home
from talent_local.running.platform import OWN_BROKER
from talent_local.running.servers import broker, servers
from talent_local.running.supervising import supervisor
from talent_local.trouble import Trouble

app = typer.Typer(help="A real Kafka broker (KRaft) on this machine, from its published jars; needs Java 17 and Maven.")


@app.command()
def up() -> None:
    """Start the broker and print its bootstrap address."""
    home = Home.find().create()
    servers(home, ["kafka"])["kafka"].start()
    typer.echo(broker(home).bootstrap)


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
    typer.echo("Kafka stopped" if running else "Kafka does not run")


@app.command()
def status() -> None:
    """Bootstrap address and process id; status 1 when it does not run."""
    home = Home.find()
    pid = broker(home).pid
    typer.echo(f"{broker(home).bootstrap} (process {pid})" if pid else "Kafka does not run")
    raise typer.Exit(0 if pid else 1)
