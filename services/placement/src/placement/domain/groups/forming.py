"""How people are divided into groups: near one another, of the size the policy wants, always the same way (D-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from placement.domain.year_rules import GroupRules

_ODD_SIZE = 1000
_SPLIT_HOST = 12
_TWO_PROVINCES = 40


@dataclass(frozen=True, slots=True, order=True)
class Seeker:
    """A placed person without a group; ordered by province, host and id, so that neighbours stand together."""

    province: str
    host: str
    participation: UUID


def propose_groups(seekers: Sequence[Seeker], rules: GroupRules) -> list[list[Seeker]]:
    """The best division of the ordered row of people into stretches, whatever order they come in.

    A size outside the policy's is the last resort (it must be explained by a person); a group over two provinces is
    avoided before a host whose people are in two groups. Time grows with people × largest size.
    """
    row = sorted(seekers)
    best: list[tuple[int, int]] = [(0, 0)]
    for end in range(1, len(row) + 1):
        reach = max(2 * rules.largest, rules.smallest + rules.largest)
        best.append(min((best[start][0] + _cost(row, start, end, rules), start) for start in _starts(end, reach)))
    groups: list[list[Seeker]] = []
    end = len(row)
    while end:
        start = best[end][1]
        groups.append(row[start:end])
        end = start
    return groups[::-1]


def _starts(end: int, reach: int) -> range:
    return range(max(0, end - reach), end)


def _cost(row: Sequence[Seeker], start: int, end: int, rules: GroupRules) -> int:
    size = end - start
    odd = max(0, rules.smallest - size, size - rules.largest)
    middle = abs(2 * size - rules.smallest - rules.largest)
    provinces = row[start].province != row[end - 1].province
    split = end < len(row) and row[end].host == row[end - 1].host
    return _ODD_SIZE * odd + _TWO_PROVINCES * provinces + _SPLIT_HOST * split + middle
