"""From claims to an actor: where roles and organisation stand in a token is configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.actor import Actor, Role

NEVER = frozenset({Role.SERVICE, Role.SYSTEM})
"""Roles that no token from outside can give."""
PATH = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?")
"""An organisation path, or nothing; no segment begins with a dot."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A client that speaks for itself (client credentials): its role and organisation are our configuration."""

    role: Role
    organisation: str


@dataclass(frozen=True, slots=True)
class ClaimsMapping:
    """Where to look in a token.

    Attributes:
        roles: dotted path of the list of roles; the default is the shape of Keycloak's realm roles.
        organisation: dotted path of the organisation path (``cn/54/5401``), a user attribute in Keycloak.
        role_names: role name at the provider → our role, for names that differ from ours.
        machines: client id → what that machine is here; its token's own roles and organisation do not count.
    """

    roles: str = "realm_access.roles"
    organisation: str = "organisation"
    role_names: Mapping[str, str] = field(default_factory=dict)
    machines: Mapping[str, Machine] = field(default_factory=dict)

    def actor(self, claims: Mapping[str, Any]) -> Actor:
        """The actor that verified claims speak of; role names we do not know are left out.

        Raises:
            ValueError: the roles are no list of names, or the organisation is no path.
        """
        client = claims.get("client_id", claims.get("azp"))
        if isinstance(client, str) and client in self.machines:
            machine = self.machines[client]
            allowed = frozenset({machine.role}) - NEVER
            return Actor(subject=client, organisation=machine.organisation, roles=allowed)
        names = _at(claims, self.roles)
        names = [] if names is None else names
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValueError("roles are no list of names")
        organisation = _at(claims, self.organisation)
        organisation = "" if organisation is None else organisation
        if not isinstance(organisation, str) or not PATH.fullmatch(organisation):
            raise ValueError("organisation is no path")
        known = {role.value: role for role in Role if role not in NEVER}
        roles = {known.get(self.role_names.get(name, name)) for name in names}
        return Actor(
            subject=str(claims["sub"]),
            organisation=organisation,
            roles=frozenset(role for role in roles if role is not None),
        )


def _at(claims: Mapping[str, Any], path: str) -> Any:
    value: Any = claims
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
