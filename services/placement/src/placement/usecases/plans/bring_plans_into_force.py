"""The trainee is heard, the host approves, the plan is in force (M-07)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from placement.domain.placements.term import begin_when_ready
from placement.domain.plans import Plan
from placement.usecases.batches import Batch, by
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import system

_SERVICE = system("placement")


async def consult_plan(work: PlacementWork, id: UUID, comments: str, *, agrees: bool) -> Plan:
    """Record what the trainee says; while the host has not approved it may be said anew."""
    plan = await work.plans.get(id, target=True)
    work.authorise((await work.placements.get(plan.participation)).facets)
    plan.consult(comments, agrees, on=work.today, by=work.actor)
    return plan


async def answer_comments(work: PlacementWork, id: UUID, text: str) -> Plan:
    """The host answers in writing what the trainee said. Raises ``Conflict`` ``wrong-state``, ``answered-already``."""
    plan = await work.plans.get(id, target=True)
    work.authorise((await work.placements.get(plan.participation)).facets)
    plan.answer(text, on=work.today, by=work.actor)
    return plan


async def approve_plans(work: PlacementWork, ids: Sequence[UUID], *, alone: bool = False) -> list[Plan]:
    """Approve plans after the consultation; they enter force at once and replace the edition before.

    Raises:
        RuleViolated: ``plan-not-consulted``, ``answer-missing`` (M-07).
        Conflict: ``wrong-state``.
    """
    batch = Batch(alone=alone)
    plans = await batch.load(work.plans, ids, "plan")
    placements = by(await work.placements.list(id={plan.participation for plan in plans.values()}), "id")
    revised = by(await work.plans.list(id={plan.revises for plan in plans.values() if plan.revises}), "id")
    for number, id in enumerate(ids):
        with batch.at(number, "plan"):
            plan = plans[id]
            placement = placements[plan.participation]
            work.authorise(placement.facets)
            plan.approve(on=work.today, by=work.actor)
            work.announce(plan.enter_force(on=work.today, by=_SERVICE))
            if plan.revises is not None:
                revised[plan.revises].supersede(by=_SERVICE)
            placement.plan, placement.plan_on = plan.id, placement.plan_on or work.today
            begin_when_ready(placement)
    batch.settle()
    return [plans[id] for id in ids]
