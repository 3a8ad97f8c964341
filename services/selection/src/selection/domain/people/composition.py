"""The composition of a session's first roster, counted once: nothing about a person can be had by counting again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from selection.domain.people.suppression import published_cells, published_share
from selection.domain.policy.rights import Composition


@dataclass(frozen=True, slots=True)
class CompositionCell:
    """One cell of the statistic; ``count`` is None where it is suppressed."""

    code: str
    count: int | None


@dataclass(kw_only=True)
class CompositionStatistic:
    """What may be known of the composition of one session; never changed, unique per session.

    Attributes:
        rule: id of the TARGET that wants it.
        population: people selected on the first version of the roster; ``declared``: those of them who stated it, None
            while fewer than ``k``.
        share: percent of the declared in the cells that count for the target; None when suppressed.
    """

    id: UUID
    version: int = 0
    session_id: UUID
    policy_version: str
    rule: str
    k: int
    population: int
    declared: int | None
    share: Decimal | None
    wanted: int
    cells: list[CompositionCell]
    made_at: datetime


def compose(
    id: UUID,
    session: UUID,
    policy_version: str,
    terms: Composition,
    values: Sequence[str],
    population: int,
    at: datetime,
) -> CompositionStatistic:
    """Count declared values of a population under the terms of a policy.

    Args:
        id: of the statistic.
        session: whose roster was counted.
        policy_version: that the terms are of.
        terms: cells in their order, which of them count, ``k``.
        values: what the people of the population declared; those who did not are not in it.
        population: how many people it was.
        at: when.
    """
    counts = {cell.code: 0 for cell in terms.cells}
    for value in values:
        if value in counts:
            counts[value] += 1
    total = sum(counts.values())
    cells = published_cells(counts, terms.k)
    return CompositionStatistic(
        id=id, session_id=session, policy_version=policy_version, rule=terms.rule, k=terms.k, population=population,
        declared=total if total >= terms.k else None,
        share=published_share(cells, {cell.code for cell in terms.cells if cell.counts}, total), wanted=terms.share,
        cells=[CompositionCell(code, count) for code, count in cells.items()], made_at=at,
    )  # fmt: skip
