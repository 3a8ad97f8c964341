"""`talent audit`: prove from outside, with an auditor's token, that nothing was altered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from talent_local import client
from talent_local.auditing.books import check_books
from talent_local.auditing.trail import SERVICES, check_trail
from talent_local.home import Home

app = typer.Typer(help="What an auditor checks through the public interface.")
Check = tuple[str, Callable[[], list[str]]]


@app.callback()
def audit() -> None:
    """What an auditor checks through the public interface."""


@app.command()
def verify(
    books: Annotated[bool, typer.Option("--books", help="only the books of funding")] = False,
    trail: Annotated[bool, typer.Option("--trail", help="only the audit trails")] = False,
    as_: Annotated[str, typer.Option("--as", help="seeded user who audits")] = "auditor",
) -> None:
    """Recompute the books and the audit trails; every finding is printed, and there is exit status 1 if there is any."""
    home = Home.find()
    bearer = client.token(home, username=as_)
    wrong = 0
    for name, check in _checks(home, bearer, everything=not (books or trail), books=books, trail=trail):
        findings = check()
        wrong += len(findings)
        typer.echo(f"{name}: {'nothing amiss' if not findings else f'{len(findings)} findings'}")
        for finding in findings:
            typer.echo(f"  {finding}")
    if wrong:
        raise typer.Exit(1)


def _checks(home: Home, bearer: str, *, everything: bool, books: bool, trail: bool) -> Iterator[Check]:
    """Name and check, in order; what is checked next is added here."""
    if books or everything:
        yield "books of funding", lambda: check_books(home, bearer)
    if trail or everything:
        for service in SERVICES:
            yield f"audit trail of {service}", lambda s=service: check_trail(home, bearer, s, home.root / "checkpoints")  # type: ignore[misc]
