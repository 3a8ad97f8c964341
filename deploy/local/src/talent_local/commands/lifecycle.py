"""`talent up`, `down`, `restart`, `kill`, `demo`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from talent_local.cohort.cohort import FULL, SMALL
from talent_local.cohort.road.site import Site
from talent_local.cohort.run import run_against, run_demo
from talent_local.home import Home, checkout
from talent_local.running import platform
from talent_local.running.plan import Plan
from talent_local.running.readiness import await_ready
from talent_local.running.supervising import supervisor
from talent_local.running.units import Unit
from talent_local.trouble import Trouble


def up(
    kafka: Annotated[str | None, typer.Option(help="bootstrap address of a Kafka that runs already: host:port")] = None,
    with_kafka: Annotated[bool, typer.Option("--with-kafka", help="start a Kafka broker here and use it")] = False,
) -> None:
    """Start what does not run; return when everything is ready. Without an option, events go where they went before."""
    if kafka and with_kafka:
        raise Trouble("--kafka and --with-kafka exclude each other.")
    address = f"kafka://{kafka.removeprefix('kafka://')}" if kafka else None
    platform.start(Home.find(), log=platform.OWN_BROKER if with_kafka else address)


def down(
    wipe: Annotated[bool, typer.Option("--wipe", help="also forget everything that is stored")] = False,
) -> None:
    """Stop everything in order; what is stored is kept."""
    if wipe:
        platform.wipe(Home.find())
    else:
        platform.stop(Home.find())
    typer.echo("The platform is down.")


def restart(process: Annotated[str, typer.Argument(help="name as in `talent status`")]) -> None:
    """End one process in order and wait until it serves again."""
    home = Home.find()
    _unit(home, process).stop()
    _come_back(home, process)


def kill(
    process: Annotated[str, typer.Argument(help="name as in `talent status`, or supervisor")],
    hard: Annotated[bool, typer.Option("-9", help="SIGKILL instead of SIGTERM")] = False,
) -> None:
    """Make one process end, to see it come back; the supervisor starts it again within a second."""
    home = Home.find()
    if process == "supervisor":
        running = supervisor(home)
        if running is None:
            raise Trouble("The supervisor does not run.", "`talent up` starts it.")
        running.kill() if hard else running.terminate()
        typer.echo("supervisor ended; the units run on. `talent up` starts another one.")
        return
    unit = _unit(home, process)
    pid = unit.pid
    if pid is None:
        raise Trouble(f"{process} does not run.", "`talent status` shows what does.")
    unit.kill() if hard else unit.stop()
    typer.echo(f"{process} ({pid}) ended")


def demo(
    reset: Annotated[bool, typer.Option("--reset", help="forget what is stored and start afresh")] = False,
    against: Annotated[str | None, typer.Option(help="origin of a gateway that runs elsewhere, in containers")] = None,
    issuer: Annotated[str, typer.Option(help="with --against: origin of its development issuer")] = "",
    server: Annotated[str, typer.Option(help="with --against: host:port of its PostgreSQL")] = "127.0.0.1:5432",
    state: Annotated[Path | None, typer.Option(help="with --against: the folder of `make compose-secrets`")] = None,
    small: Annotated[bool, typer.Option("--small", help="with --against: 60 applicants instead of 600")] = False,
) -> None:
    """Carry a whole cohort from call to certificate, then leave the platform running."""
    if against is None:
        raise typer.Exit(run_demo(reset=reset))
    folder = Home((state or checkout() / ".run" / "compose").resolve())
    site = Site.elsewhere(folder, against, issuer or "http://127.0.0.1:8090", server)
    raise typer.Exit(run_against(site, SMALL if small else FULL))


def _unit(home: Home, name: str) -> Unit:
    units = Plan.read(home).units(home)
    if name not in units:
        raise Trouble(f"There is no process '{name}'.", f"Processes: {', '.join(units)}.")
    return units[name]


def _come_back(home: Home, name: str) -> None:
    """Wait for the process, starting it ourselves when there is no supervisor."""
    unit = _unit(home, name)
    if supervisor(home) is None:
        unit.start()
    deadline = time.monotonic() + platform.READY_SECONDS
    while unit.pid is None and time.monotonic() < deadline:
        time.sleep(0.05)
    recipe = Plan.read(home).recipe(name)
    late = await_ready([recipe], platform.READY_SECONDS) if recipe else []
    if unit.pid is None or late:
        raise Trouble(f"{name} is not ready after {platform.READY_SECONDS:.0f} s.", f"See `talent logs {name}`.")
    typer.echo(f"{name} is back")
