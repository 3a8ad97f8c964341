"""Lines of a claim: what was spent, when, and the documents that show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from funding.domain.claims.standards import Per

INVOICE: Final = "invoice"
"""The kind of document whose number is used once across all claims."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document: its id in the document store, the SHA-256 (hex) of its content, its kind and number."""

    document: UUID
    sha256: str
    kind: str
    number: str | None = None

    @property
    def invoice_number(self) -> str | None:
        """The number by which an invoice is recognised, however it was typed; None for other documents."""
        if self.kind != INVOICE or self.number is None:
            return None
        return "".join(self.number.split()).replace("-", "").upper()


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One line; amounts in fen.

    Attributes:
        category: expense category.
        from_day, to_day: the days it was spent for, both counted.
        persons: for how many persons.
        items: how many pieces, where the ceiling is per item.
        amount: what is claimed.
        evidence: its documents.
        ceiling: what the standard allows, None until the claim is submitted.
        per: what the ceiling was counted by, None until then.
        granted: what is granted, None until somebody has checked it.
        reason: why less is granted than claimed, or None.
    """

    category: str
    from_day: date
    to_day: date
    amount: int
    persons: int = 1
    items: int = 1
    evidence: tuple[Evidence, ...] = ()
    ceiling: int | None = None
    per: Per | None = None
    granted: int | None = None
    reason: str | None = None

    @property
    def days(self) -> int:
        """Days, the first and the last counted."""
        return (self.to_day - self.from_day).days + 1

    @property
    def worth(self) -> int:
        """What is to be paid as things stand: what is granted, or claimed while nobody has said."""
        return self.amount if self.granted is None else self.granted

    def overlaps(self, other: ClaimLine) -> bool:
        """True when both have a day in common."""
        return self.from_day <= other.to_day and other.from_day <= self.to_day


@dataclass(frozen=True, slots=True)
class Cut:
    """Less is granted for the ``line`` (from 0) than was claimed: fen and the reason."""

    line: int
    granted: int
    reason: str
