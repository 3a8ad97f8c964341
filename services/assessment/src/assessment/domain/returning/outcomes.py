"""Outcome statistics: counts and shares as of a day, and the cells that would single persons out withheld.

Shares are percent with one decimal, half up (domain rules 1.6). A cell that counts fewer than ``K`` persons but more than
none is withheld, and with it the next smallest of its group where a single withheld cell could be computed from the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

K = 10
"""Fewest persons that a cell shows (domain rules 7.3)."""
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure; ``count`` and ``share`` are None when withheld, ``share`` also where nothing is divided."""

    code: str
    count: int | None
    share: Decimal | None

    @property
    def withheld(self) -> bool:
        """True when the figure would single persons out."""
        return self.count is None


def share(part: int, whole: int) -> Decimal | None:
    """Percent of ``whole``, one decimal, half up; None of nothing."""
    return (Decimal(part * 100) / whole).quantize(TENTH, ROUND_HALF_UP) if whole else None


def per_person(count: int, persons: int) -> Decimal | None:
    """How many each, one decimal, half up (96 papers of 120 trainees are 0.8); None of nobody."""
    return (Decimal(count) / persons).quantize(TENTH, ROUND_HALF_UP) if persons else None


def cells(counts: Mapping[str, int], whole: int) -> list[Cell]:
    """The cells of one group of persons out of ``whole``; who is in none of them is a cell that is not shown."""
    everyone = {**counts, "": whole - sum(counts.values())}
    small = {code for code, count in everyone.items() if 0 < count < K}
    if len(small) == 1:
        others = sorted((count, code) for code, count in everyone.items() if code not in small and count > 0)
        small |= {others[0][1]} if others else set()
    return [
        Cell(code, None, None) if code in small else Cell(code, count, share(count, whole))
        for code, count in counts.items()
    ]


def things(counted: Mapping[str, int], persons: int) -> list[Cell]:
    """Counts of things (papers, patents) by code; withheld altogether where fewer than ``K`` persons made them."""
    if persons < K:
        return [Cell(code, None, None) for code in sorted(counted)]
    return [Cell(code, counted[code], per_person(counted[code], persons)) for code in sorted(counted)]
