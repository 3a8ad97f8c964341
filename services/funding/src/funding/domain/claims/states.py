"""The lifecycle of a claim."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from funding.domain.roles import APPROVER, BOOKS, PREPARER, TREASURER
from shared.kernel.actor import Role
from shared.kernel.lifecycle import Lifecycle, Transition, arrows


class ClaimState(StrEnum):
    """How far a claim has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHECKED = "checked"
    RETURNED = "returned"
    """With the claimant again."""
    APPROVED = "approved"
    PART_APPROVED = "part_approved"
    """Approved with less than was claimed."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    INSTRUCTED = "instructed"
    PAID = "paid"
    AWAITING_CLAWBACK = "awaiting_clawback"
    CLAWED_BACK = "clawed_back"


CLAIMANT: Final = frozenset({Role.APPLICANT, Role.UNIT_OFFICER, Role.HOST_OFFICER})
C = ClaimState
COUNTED: Final = frozenset(C) - {C.DRAFT, C.RETURNED, C.REFUSED, C.WITHDRAWN}
"""States in which a claim's invoices and days are taken."""
GRANTED: Final = (C.APPROVED, C.PART_APPROVED)
"""Approved and not yet with the treasury; the money is committed."""
_STOPPABLE: Final = (C.SUBMITTED, C.CHECKED, *GRANTED)

CLAIM: Final[Lifecycle[ClaimState]] = Lifecycle(
    "claim",
    initial=C.DRAFT,
    transitions=[
        *arrows("revise", (C.DRAFT,), C.DRAFT, CLAIMANT),
        Transition("revise", C.RETURNED, C.RETURNED, CLAIMANT),
        *arrows("submit", (C.DRAFT, C.RETURNED), C.SUBMITTED, CLAIMANT),
        *arrows("withdraw", (C.DRAFT, C.RETURNED, C.SUBMITTED, C.CHECKED), C.WITHDRAWN, CLAIMANT),
        Transition("check", C.SUBMITTED, C.CHECKED, PREPARER),
        *arrows("return", (C.SUBMITTED, C.CHECKED), C.RETURNED, PREPARER | APPROVER),
        *arrows("refuse", (C.SUBMITTED, C.CHECKED), C.REFUSED, APPROVER),
        Transition("approve", C.CHECKED, C.CHECKED, APPROVER),
        Transition("grant_all", C.CHECKED, C.APPROVED, BOOKS),
        Transition("grant_part", C.CHECKED, C.PART_APPROVED, BOOKS),
        *arrows("revoke", GRANTED, C.REFUSED, APPROVER),
        *(Transition("freeze", state, state, APPROVER) for state in _STOPPABLE),
        *(Transition("thaw", state, state, APPROVER) for state in _STOPPABLE),
        *arrows("instruct", GRANTED, C.INSTRUCTED, TREASURER),
        Transition("pay", C.INSTRUCTED, C.PAID, TREASURER),
        Transition("reject_all", C.INSTRUCTED, C.APPROVED, TREASURER),
        Transition("reject_part", C.INSTRUCTED, C.PART_APPROVED, TREASURER),
        *arrows("claim_back", (C.PAID, C.CLAWED_BACK), C.AWAITING_CLAWBACK, APPROVER),
        Transition("recover", C.AWAITING_CLAWBACK, C.CLAWED_BACK, TREASURER),
        Transition("recover_part", C.AWAITING_CLAWBACK, C.AWAITING_CLAWBACK, TREASURER),
    ],
)
