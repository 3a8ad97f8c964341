"""A sample as it was drawn; it is never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from funding.domain.audit.sampling import Population, SampleItem, SamplingPlan
from shared.kernel.lifecycle import Aggregate, Lifecycle


class SampleState(StrEnum):
    """A sample has one state: it was drawn."""

    DRAWN = "drawn"


AUDIT_SAMPLE: Lifecycle[SampleState] = Lifecycle("audit sample", initial=SampleState.DRAWN, transitions=[])


@dataclass(kw_only=True)
class AuditSample(Aggregate):
    """Entries of a fund drawn for inspection.

    Attributes:
        plan: how they were drawn.
        fund: the fund.
        from_day, to_day: days of the books drawn from, both included.
        seed: the published seed.
        size: how many were asked for.
        population: what was drawn from.
        items: what was drawn.
        drawn_by: account of the auditor.
    """

    lifecycle: ClassVar[Lifecycle[SampleState]] = AUDIT_SAMPLE

    plan: SamplingPlan
    fund: UUID
    from_day: date
    to_day: date
    seed: str
    size: int
    population: Population
    items: list[SampleItem]
    drawn_by: str
    state: SampleState = field(default=SampleState.DRAWN)
