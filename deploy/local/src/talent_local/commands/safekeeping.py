"""`talent backup`, `restore`, `refill`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from talent_local.home import Home
from talent_local.running import platform
from talent_local.safekeeping import keeping, refilling, restoring
from talent_local.trouble import Trouble

app = typer.Typer(help="Base backups and the archived log of changes of this machine's PostgreSQL.")


@app.command()
def on(
    folder: Annotated[Path, typer.Argument(help="where to: another disk, or a mounted share")],
    seconds: Annotated[int, typer.Option(help="the longest time for which a change may be here only")] = 60,
) -> None:
    """Archive every change from now on; PostgreSQL is restarted once, the programs reconnect."""
    keeping.switch_on(Home.find(), folder.resolve(), seconds)
    typer.echo("Changes are archived; now take a first base backup: talent backup take")


@app.command()
def take() -> None:
    """Take a base backup while everything runs, and verify it."""
    typer.echo(str(keeping.take(Home.find()).folder))


@app.command("list")
def list_() -> None:
    """The base backups, and whether the archive is undamaged; status 1 when it is not."""
    home = Home.find()
    for backup in keeping.backups(home):
        typer.echo(f"{backup.taken_at.isoformat()}  {backup.folder}")
    wrong = keeping.damaged(home)
    typer.echo(f"damaged segments: {', '.join(wrong)}" if wrong else "the archive is undamaged")
    if wrong:
        raise typer.Exit(1)


def restore(
    until: Annotated[
        str | None, typer.Option(help="moment with offset, like 2026-11-23T09:00:00+08:00; without: all there is")
    ] = None,
) -> None:
    """Put all databases back to one moment, the event log in step with them, and start the platform."""
    moment = None
    if until is not None:
        try:
            moment = datetime.fromisoformat(until)
        except ValueError as error:
            raise Trouble(f"{until} is no moment.", "Write it like 2026-11-23T09:00:00+08:00.") from error
        if moment.tzinfo is None:
            raise Trouble("The moment has no offset.", "Write it like 2026-11-23T09:00:00+08:00.")
        moment = moment.astimezone(UTC)
    restoring.restore(Home.find(), moment)


def refill() -> None:
    """Begin the event log anew, fill it from the services' databases, and start the platform."""
    home = Home.find()
    refilling.refill(home)
    platform.start(home)
