"""Accounts of the ledger: where the money of a fund is, by whose hands and for which purpose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final
from uuid import UUID, uuid5

_NAMES: Final = UUID("7b1c1f0e-52f6-5c39-9a55-7e6f2a1d4c00")


class AccountKind(StrEnum):
    """The stations of money on its way, in order; every one but ``SOURCE`` may never be negative."""

    SOURCE = "source"
    """What a financier has given: the only account with a credit balance."""
    GRANTED = "granted"
    """Given to the fund and not yet budgeted, by source."""
    UNALLOCATED = "unallocated"
    """Approved in a budget and not yet allocated."""
    AVAILABLE = "available"
    """Allocated to a session and free."""
    RESERVED = "reserved"
    """Held for a selected person."""
    COMMITTED = "committed"
    """Promised to a placement (F-04)."""
    IN_TRANSIT = "in_transit"
    """Instructed to the treasury, not yet confirmed."""
    DISBURSED = "disbursed"
    """Paid and kept."""
    RECEIVABLE = "receivable"
    """Paid and to come back."""


PURPOSELESS: Final = frozenset({AccountKind.SOURCE, AccountKind.GRANTED})
"""Kinds that hold money before it has a purpose; all other accounts name an expense category (F-05)."""


@dataclass(frozen=True)
class Account:
    """The identity of an account.

    Attributes:
        fund: the fund; no entry touches two funds (F-05).
        kind: station of the money.
        owner: source code, budget session code or participation id, depending on the kind; empty for the fund itself.
        category: expense category, or None for the kinds in ``PURPOSELESS``.
    """

    fund: UUID
    kind: AccountKind
    owner: str
    category: str | None

    def __post_init__(self) -> None:
        if (self.category is None) != (self.kind in PURPOSELESS):
            raise ValueError(f"an account of kind {self.kind} and a category do not go together: {self.category}")

    @cached_property
    def id(self) -> UUID:
        """The id that follows from the identity, so that accounts need no lookup and are locked in one order."""
        return uuid5(_NAMES, f"{self.fund}/{self.kind}/{self.owner}/{self.category or ''}")

    @property
    def may_be_negative(self) -> bool:
        """True for sources only."""
        return self.kind is AccountKind.SOURCE
