"""`talent clock`: the business clock of this machine, so that a year can pass in a minute."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from shared.kernel.clock import FileClock
from talent_local.home import Home, replace
from talent_local.trouble import Trouble

app = typer.Typer(help="The business clock: windows, due dates and deadlines follow it; tokens never do.")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@app.command()
def show() -> None:
    """The time of the programme's calendar."""
    home = Home.find()
    kind = "standing, set in the clock file" if home.clock.exists() else "the machine's clock"
    typer.echo(f"{FileClock(home.clock).now().isoformat()} ({kind})")


@app.command("set")
def set_(
    at: Annotated[str, typer.Argument(help="2024-07-01, or with time and offset: 2024-07-01T09:00:00+08:00")],
) -> None:
    """Let the clock stand at a moment; a date means nine in the morning in Beijing."""
    typer.echo(set_clock(Home.find(), at).isoformat())


@app.command()
def clear() -> None:
    """Go back to the machine's clock."""
    Home.find().clock.unlink(missing_ok=True)
    show()


def moment_of(at: str) -> datetime:
    """The moment in UTC that a person means; a date means nine in the morning in Beijing.

    Raises:
        Trouble: when `at` is no date or time.
    """
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise Trouble(f"'{at}' is no date or time.", "Write 2024-07-01 or 2024-07-01T09:00:00+08:00.") from error
    if len(at) == len("2024-07-01"):
        moment = moment.replace(hour=9)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(UTC)


def set_clock(home: Home, at: str) -> datetime:
    """Write the clock file in one step; returns the moment in UTC.

    Raises:
        Trouble: when `at` is no date or time.
    """
    moment = moment_of(at)
    home.create()
    replace(home.clock, moment.isoformat())
    return moment
