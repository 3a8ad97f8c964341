"""The lifecycle of an edition of a training plan."""

from __future__ import annotations

from enum import StrEnum

from shared.kernel.actor import Role
from shared.kernel.lifecycle import Lifecycle, Transition, arrows


class PlanState(StrEnum):
    """From the host's draft to the plan in force."""

    DRAFT = "draft"
    TRAINEE_CONSULTED = "trainee_consulted"
    HOST_APPROVED = "host_approved"
    IN_FORCE = "in_force"
    REVISED = "revised"
    CLOSED = "closed"


S = PlanState

HOST = frozenset({Role.HOST_OFFICER})
_TRAINEE = frozenset({Role.APPLICANT})
_ITSELF = frozenset({Role.SYSTEM})
OPEN = (S.DRAFT, S.TRAINEE_CONSULTED)
LIVING = (*OPEN, S.HOST_APPROVED, S.IN_FORCE)

PLAN = Lifecycle(
    "plan",
    initial=S.DRAFT,
    transitions=[
        *arrows("rewrite", OPEN, S.DRAFT, HOST),
        *arrows("consult", OPEN, S.TRAINEE_CONSULTED, _TRAINEE),
        Transition("answer", S.TRAINEE_CONSULTED, S.TRAINEE_CONSULTED, HOST),
        Transition("approve", S.TRAINEE_CONSULTED, S.HOST_APPROVED, HOST),
        Transition("enter-force", S.HOST_APPROVED, S.IN_FORCE, _ITSELF),
        Transition("revise", S.IN_FORCE, S.REVISED, _ITSELF),
        *arrows("close", (*OPEN, S.IN_FORCE), S.CLOSED, _ITSELF),
    ],
)
