"""A chain of signatures: whose turn it is, who has signed, and who may not (F-01, F-03)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from funding.domain.approvals.matrix import Authority


@dataclass(frozen=True, slots=True)
class Step:
    """One signature of the chain: whose it must be, and whose and when it was.

    Attributes:
        authority: name of the authority in the matrix.
        organisation: the organisation whose finance approver signs.
        approved_by: account of the person who signed; None while open.
        approved_at: when.
        on_behalf_of: account of the approver who delegated to them; None for a signature of the authority's own.
        delegation: id of that delegation.
    """

    authority: str
    organisation: str
    approved_by: str | None = None
    approved_at: datetime | None = None
    on_behalf_of: str | None = None
    delegation: UUID | None = None

    @property
    def is_signed(self) -> bool:
        """True when somebody signed it."""
        return self.approved_by is not None


def turn_of(chain: Sequence[Step]) -> int | None:
    """The place of the first open step; None when all are signed."""
    return next((nth for nth, step in enumerate(chain) if not step.is_signed), None)


def persons_in(chain: Iterable[Step]) -> list[str]:
    """Everybody who stands behind a signature, the one who gave it and the one for whom it was given."""
    return [person for step in chain for person in (step.approved_by, step.on_behalf_of) if step.is_signed and person]


def extended(chain: Sequence[Step], authorities: Sequence[Authority]) -> list[Step]:
    """The chain with every authority in it that now is asked for; nothing that was asked for or signed is lost.

    Signed steps come first, as they were; the open ones follow in the order of the matrix.
    """
    signed = [step for step in chain if step.is_signed]
    done = {step.authority for step in signed}
    wanted = [Step(each.code, each.organisation) for each in authorities if each.code not in done]
    asked = done | {step.authority for step in wanted}
    kept = [step for step in chain if not step.is_signed and step.authority not in asked]
    return [*signed, *kept, *wanted]
