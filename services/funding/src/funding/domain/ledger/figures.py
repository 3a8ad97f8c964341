"""The figures of a statement as data: which kinds of account and which causes each of them sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from funding.domain.ledger.accounts import AccountKind as K
from funding.domain.ledger.entries import EntryKind as E


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the sum over these kinds, causes (empty: all) and ways (``plan``, ``claim``; empty: both).

    ``sign`` is -1 where the money is counted as it leaves. ``zh`` and ``en`` head its column.
    """

    name: str
    zh: str
    en: str
    kinds: tuple[str, ...]
    causes: tuple[str, ...] = ()
    way: str = ""
    sign: int = 1

    def counts(self, kind: str, cause: str, way: str) -> bool:
        """True when a flow is part of it."""
        return kind in self.kinds and (not self.causes or cause in self.causes) and self.way in ("", way)


FIGURES: Final = (
    Figure("approved", "已批预算", "approved", (K.UNALLOCATED,), (E.BUDGETED,)),
    Figure("allocated", "已分配", "allocated", (K.AVAILABLE,), (E.ALLOCATED, "reallocated")),
    Figure("available", "可用", "available", (K.AVAILABLE,)),
    Figure("reserved", "预留", "reserved", (K.RESERVED,)),
    Figure("committed", "已承诺", "committed", (K.COMMITTED,)),
    Figure("instructed", "在途", "instructed", (K.IN_TRANSIT,)),
    Figure("disbursed", "已划拨", "disbursed", (K.DISBURSED,), way="plan"),
    Figure("reimbursed", "已报销", "reimbursed", (K.DISBURSED,), way="claim"),
    Figure("clawback_due", "应收回", "to come back", (K.RECEIVABLE,)),
    Figure("clawed_back", "已收回", "came back", (K.AVAILABLE,), (E.CLAWED_BACK,)),
    Figure("returned", "已退回来源", "returned", (K.AVAILABLE,), (E.RETURNED,), sign=-1),
)
"""By category, session, area or payee."""
SOURCE_FIGURES: Final = (
    Figure("granted", "拨入", "granted", (K.GRANTED,), (E.GRANTED, E.REVERSED)),
    Figure("approved", "已批预算", "approved", (K.GRANTED,), (E.BUDGETED,), sign=-1),
    Figure("returned", "退回", "returned", (K.GRANTED,), (E.RETURNED,)),
    Figure("unbudgeted", "未列预算", "unbudgeted", (K.GRANTED,)),
)
"""By source."""
WHOLE_FIGURES: Final = (
    SOURCE_FIGURES[0],
    *FIGURES,
    Figure(
        "balance",
        "结存",
        "balance",
        (K.GRANTED, K.UNALLOCATED, K.AVAILABLE, K.RESERVED, K.COMMITTED, K.IN_TRANSIT),
    ),
)
"""Of a whole fund; ``balance`` is everything granted that was neither paid and kept nor is to come back."""


def amount(figure: Figure, moved: Iterable[tuple[str, str, str, int]]) -> int:
    """Fen of a figure over flows given as (kind, cause, way, fen)."""
    return figure.sign * sum(fen for kind, cause, way, fen in moved if figure.counts(kind, cause, way))
