"""The command `talent`."""

from __future__ import annotations

import os
import sys

import typer

from talent_local.commands import (
    auditing,
    clock,
    identity,
    kafka,
    lifecycle,
    programme,
    safekeeping,
    verifying,
    watching,
)
from talent_local.trouble import Trouble

app = typer.Typer(
    help="The talent programme platform on one machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    lifecycle.up,
    lifecycle.down,
    watching.status,
    watching.doctor,
    lifecycle.demo,
    identity.token,
    programme.apply,
    verifying.verify,
    watching.logs,
    lifecycle.restart,
    lifecycle.kill,
    safekeeping.restore,
    safekeeping.refill,
):
    app.command()(command)
app.add_typer(auditing.app, name="audit", no_args_is_help=True)
app.add_typer(clock.app, name="clock", no_args_is_help=True)
app.add_typer(safekeeping.app, name="backup", no_args_is_help=True)
app.add_typer(kafka.app, name="kafka", no_args_is_help=True)


def main() -> None:
    """Run a command; trouble that the person can mend is told in two lines, with exit status 1."""
    os.umask(0o022)  # PostgreSQL may run as another account; what is secret gets its own mode
    try:
        app()
    except Trouble as trouble:
        print(trouble.what, file=sys.stderr)
        if trouble.advice:
            print(f"→ {trouble.advice}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print(
            "\nInterrupted; what was started runs on. `talent status` shows it, `talent down` stops it.",
            file=sys.stderr,
        )
        sys.exit(130)


if __name__ == "__main__":
    main()
