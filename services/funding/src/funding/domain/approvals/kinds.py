"""What needs approval."""

from __future__ import annotations

from enum import StrEnum


class ApprovalKind(StrEnum):
    """The kinds of decision that move money; each has its own row of tiers and its own rolling sum."""

    BUDGET = "budget"
    REALLOCATION = "reallocation"
    PAYMENT = "payment"
    CLAIM = "claim"
    WRITE_OFF = "write_off"
