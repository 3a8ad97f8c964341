"""Who does what with money: preparing, approving and paying are three persons (F-01)."""

from __future__ import annotations

from typing import Final

from shared.kernel.actor import Actor, Role, system

PREPARER: Final = frozenset({Role.FINANCE_PREPARER})
APPROVER: Final = frozenset({Role.FINANCE_APPROVER})
TREASURER: Final = frozenset({Role.TREASURER})
BOOKS: Final = frozenset({Role.SYSTEM})
"""Moves that follow from facts and rules, not from a person's decision."""
FUNDING: Final[Actor] = system("funding")
