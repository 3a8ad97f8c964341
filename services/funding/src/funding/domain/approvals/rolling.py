"""The rolling sum: what was asked for one payee and purpose inside the window, so that splitting gains nothing (F-03)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from funding.domain.approvals.approval import COUNTED, Approval
from funding.domain.approvals.kinds import ApprovalKind


class Purse(NamedTuple):
    """What one sum is kept of: everything that one payee of a programme gets for one purpose by one kind of decision."""

    programme: str
    kind: ApprovalKind
    payee: str
    purpose: str

    @property
    def key(self) -> str:
        """The name under which askers queue up."""
        return f"rolling:{self.programme}:{self.kind}:{self.payee}:{self.purpose}"


def purses_of(approval: Approval) -> list[Purse]:
    """The sums that an approval adds to."""
    return [Purse(approval.programme, approval.kind, approval.payee, purpose) for purpose in approval.parts]


def window_start(today: date, days: int) -> date:
    """The first day that is inside a window of ``days`` days ending today."""
    return today - timedelta(days=days - 1)


def counted(approvals: Iterable[Approval], since: date) -> dict[Purse, int]:
    """Fen asked by purse since a day: pending ones too, withdrawn ones not."""
    sums: dict[Purse, int] = defaultdict(int)
    for each in approvals:
        if each.state in COUNTED and each.asked_on >= since:
            for purse in purses_of(each):
                sums[purse] += each.parts[purse.purpose]
    return dict(sums)


def rolling_amount(approval: Approval, sums: Mapping[Purse, int]) -> int:
    """Fen that decide its chain; ``sums`` hold the approval itself where it is inside the window."""
    return max(approval.amount, sum(sums.get(purse, 0) for purse in purses_of(approval)))
