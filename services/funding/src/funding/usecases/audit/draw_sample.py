"""Draw a sample of entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from funding.domain.audit.sample import AuditSample
from funding.domain.audit.sampling import SamplingPlan, described, draw
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Malformed, RuleViolated

LARGEST: Final = 500_000
"""Entries that a population may have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an auditor asks for: a plan, a fund, days of the books (both included), a size and a seed."""

    plan: SamplingPlan
    fund: UUID
    from_day: date
    to_day: date
    size: int
    seed: str


async def draw_sample(work: FundingWork, asked: Asked) -> AuditSample:
    """Draw from what was granted, budgeted, paid, recovered, returned and reversed in those days (F-06).

    Raises:
        NotFound: the fund.
        Malformed: ``days-wrong``.
        RuleViolated: ``population-empty``, ``population-large``.
    """
    if not asked.from_day <= asked.to_day <= work.today:
        raise Malformed("days-wrong", "The days must be in order and not in the future.", pointer="/to_day")
    fund = await work.funds.get(asked.fund)
    policy = await work.policy(fund.programme, fund.policy_version)
    tiers = [*policy.matrix.tiers, *(tier for own in policy.matrix.by_kind.values() for tier in own)]
    limits = sorted({tier.up_to for tier in tiers if tier.up_to is not None})
    population = await work.population(asked.fund, asked.from_day, asked.to_day, LARGEST + 1)
    if not population:
        raise RuleViolated("population-empty", "Nothing was booked in these days.", rule="F-06")
    if len(population) > LARGEST:
        raise RuleViolated("population-large", "Draw from fewer days.", rule="F-06", most=LARGEST)
    sample = AuditSample(
        id=work.new_id(),
        plan=asked.plan,
        fund=asked.fund,
        from_day=asked.from_day,
        to_day=asked.to_day,
        seed=asked.seed,
        size=asked.size,
        population=described(population),
        items=draw(asked.plan, population, size=asked.size, seed=asked.seed, limits=limits),
        drawn_by=work.actor.subject,
    )
    work.audit_samples.add(sample)
    return sample
