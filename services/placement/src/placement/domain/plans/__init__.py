"""Training plans: texts, editions, consultations, and what changed between editions (M-06 to M-09, P-15)."""

from __future__ import annotations

from placement.domain.plans.plan import Plan
from placement.domain.plans.states import PLAN, PlanState
from placement.domain.plans.text import Part, PlanText

__all__ = ["PLAN", "Part", "Plan", "PlanState", "PlanText"]
