"""The guards say here who acts and what begins; log lines, metrics, events and spans know it from then on."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from shared.kernel.actor import Actor, Role
from shared.telemetry import spans
from shared.telemetry.surroundings import command_id, surroundings

CLASSES: Final = {
    "person": frozenset({Role.APPLICANT, Role.MENTOR, Role.GROUP_LEADER}),
    "money": frozenset({Role.FINANCE_PREPARER, Role.FINANCE_APPROVER, Role.TREASURER}),
    "machine": frozenset({Role.AGENCY, Role.SERVICE, Role.SYSTEM}),
    "oversight": frozenset({Role.AUDITOR, Role.OPERATOR}),
}
"""Classes of roles in metrics; every other role is of the ``office`` and who shows no token is ``nobody``."""


def role_class(actor: Actor) -> str:
    """The first class that the actor's roles fall into."""
    return _class_of(frozenset(actor.roles))


@lru_cache(maxsize=1024)
def _class_of(held: frozenset[str]) -> str:
    return next((name for name, roles in CLASSES.items() if held & roles), "office")


def name_principal(actor: Actor) -> None:
    """The caller is known: opaque account, organisation, class of role."""
    around = surroundings()
    if around is not None:
        around.principal, around.org, around.role = actor.subject, actor.organisation or None, role_class(actor)
        spans.mark(talent__role=around.role)


def begin_command(principal: str, route: str, key: str) -> None:
    """A command begins; what it leads to carries its id."""
    around = surroundings()
    if around is not None:
        around.command = command_id(principal, route, key)
        spans.mark(talent__command=around.command)
        spans.carry(command=around.command)
