"""`talent token`: an access token of the development issuer, for curl."""

from __future__ import annotations

from typing import Annotated

import typer

from talent_local import client
from talent_local.home import Home
from talent_local.issuer.seed import Seed, seed_path
from talent_local.trouble import Trouble


def token(
    as_: Annotated[str | None, typer.Option("--as", help="a seeded user")] = None,
    client_: Annotated[str | None, typer.Option("--client", help="a seeded machine client")] = None,
    role: Annotated[list[str] | None, typer.Option(help="role of anybody; may be given several times")] = None,
    org: Annotated[str, typer.Option(help="organisation path of anybody: cn/54/5401/U0001")] = "",
    sub: Annotated[str | None, typer.Option(help="subject of anybody: an opaque account id")] = None,
    list_: Annotated[bool, typer.Option("--list", help="list seeded users and clients instead")] = False,
) -> None:
    """Print an access token, good for an hour.

    curl -H "Authorization: Bearer $(talent token --as operator)" …
    """
    if list_:
        _list()
        return
    if [as_, client_, sub].count(None) != 2:
        raise Trouble(
            "Say for whom.", "One of: --as <user>, --client <client>, --sub <account> --role <role> [--org <path>]."
        )
    home = Home.find()
    if client_:
        form = {"client": client_}
    elif as_:
        form = {"username": as_}
    else:
        form = {"subject": sub or "", "roles": " ".join(role or []), "organisation": org}
    typer.echo(client.token(home, **form))


def _list() -> None:
    seed = Seed.read(seed_path())
    for person in seed.people.values():
        typer.echo(f"{person.username:<22} {','.join(person.roles):<30} {person.organisation:<20} {person.name_en}")
    for machine in seed.clients.values():
        kind = "browser client" if machine.browser else ",".join(machine.person.roles)
        typer.echo(f"{machine.client:<22} {kind:<30} {machine.person.organisation:<20} {machine.person.name_en}")
