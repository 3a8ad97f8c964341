"""The lifecycle of an edition of an agreement."""

from __future__ import annotations

from enum import StrEnum

from shared.kernel.actor import Role
from shared.kernel.lifecycle import Lifecycle, Transition, arrows


class AgreementState(StrEnum):
    """From the draft over the signatures to the file of the regional authority."""

    DRAFT = "draft"
    OFFERED = "offered"
    IN_FORCE = "in_force"
    FILED = "filed"
    REFUSED = "refused"
    AMENDED = "amended"
    EXPIRED = "expired"
    TERMINATED = "terminated"


S = AgreementState

_OFFICERS = frozenset({Role.UNIT_OFFICER, Role.REGIONAL_OFFICER})
_SIGNERS = frozenset({
    Role.APPLICANT, Role.UNIT_OFFICER, Role.HOST_OFFICER, Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER,
})  # fmt: skip
_REGION = frozenset({Role.REGIONAL_OFFICER})
_ITSELF = frozenset({Role.SYSTEM})
BINDING = (S.IN_FORCE, S.FILED)
LIVING = (S.DRAFT, S.OFFERED, *BINDING)

AGREEMENT = Lifecycle(
    "agreement",
    initial=S.DRAFT,
    transitions=[
        Transition("offer", S.DRAFT, S.OFFERED, _OFFICERS),
        Transition("sign", S.OFFERED, S.OFFERED, _SIGNERS),
        Transition("attest", S.OFFERED, S.OFFERED, _SIGNERS - {Role.APPLICANT}),
        Transition("enter-force", S.OFFERED, S.IN_FORCE, _ITSELF),
        Transition("refuse", S.OFFERED, S.REFUSED, _SIGNERS),
        Transition("file", S.IN_FORCE, S.FILED, _REGION),
        *arrows("amend", BINDING, S.AMENDED, _ITSELF),
        *arrows("expire", BINDING, S.EXPIRED, _ITSELF),
        *arrows("terminate", LIVING, S.TERMINATED, _REGION | _ITSELF),
    ],
)
