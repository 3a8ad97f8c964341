"""The people and clients the issuer knows, from `deploy/local/seed/users.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import yaml

from shared.kernel.actor import Role
from talent_local.home import checkout
from talent_local.trouble import Trouble

GRANTABLE = frozenset(Role) - {Role.SERVICE, Role.SYSTEM}
"""Roles that a token of the issuer may carry; the other two exist inside the platform only."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a token speaks for: opaque subject, roles, place in the organisation tree."""

    username: str
    subject: str
    roles: tuple[Role, ...]
    organisation: str
    name_zh: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client; `browser` clients are public and use PKCE, the others have a secret and a role."""

    client: str
    browser: bool
    person: Person


@dataclass(frozen=True, slots=True)
class Seed:
    """Everybody the issuer knows, by user name and by client id."""

    people: dict[str, Person]
    clients: dict[str, Client]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read and check the seed file.

        Raises:
            Trouble: when the file is missing, or a role does not exist or may not be granted.
        """
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise Trouble(f"The seeded users cannot be read: {error}") from error
        people = [_person(entry["username"], entry["subject"], entry) for entry in content["users"]]
        clients = [
            Client(entry["client"], entry.get("browser", False), _person(entry["client"], entry["client"], entry))
            for entry in content["clients"]
        ]
        return cls({person.username: person for person in people}, {client.client: client for client in clients})


def seed_path() -> Path:
    """The seed file of this checkout."""
    return checkout() / "deploy" / "local" / "seed" / "users.yaml"


def client_secret_names() -> list[str]:
    """Names of the secrets that the machine clients need (`client.<id>`)."""
    seed = Seed.read(seed_path())
    return [f"client.{client.client}" for client in seed.clients.values() if not client.browser]


def parse_roles(names: list[str]) -> tuple[Role, ...]:
    """Roles by name.

    Raises:
        ValueError: for a name that is no role, or one that no token may carry.
    """
    roles = tuple(Role(name) for name in names)
    if not GRANTABLE.issuperset(roles):
        raise ValueError("the roles 'service' and 'system' are never granted to a token")
    return roles


def _person(username: str, subject: str, entry: dict[str, object]) -> Person:
    listed = entry.get("roles") or []
    if not isinstance(listed, list):
        raise Trouble(f"Seeded user {username}: roles must be a list.")
    try:
        roles = parse_roles([str(name) for name in listed])
    except ValueError as error:
        raise Trouble(f"Seeded user {username}: {error}.") from error
    texts = {key: str(entry.get(key, "")) for key in ("organisation", "name_zh", "name_en")}
    return Person(username, subject, roles, **texts)
