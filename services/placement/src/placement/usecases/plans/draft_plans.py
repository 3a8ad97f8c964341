"""The host writes training plans and revises them (M-06, M-08, M-09, P-15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from placement.domain.plans import Plan, PlanState, PlanText
from placement.domain.plans.states import LIVING, OPEN
from placement.usecases.batches import Batch
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """A plan to be, for one placement."""

    participation: UUID
    text: PlanText


async def draft_plans(work: PlacementWork, drafts: Sequence[PlanDraft]) -> list[Plan]:
    """Write one plan for each placement of the host.

    Raises:
        RuleViolated: ``plan-incomplete`` with every finding.
        Conflict: ``plan-exists``, ``not-placed``.
    """
    batch = Batch()
    ids = [draft.participation for draft in drafts]
    placements = await batch.load(work.placements, ids, "participation")
    living = {plan.participation for plan in await work.plans.list(participation=ids, state=LIVING)}
    made = []
    for number, draft in enumerate(drafts):
        with batch.at(number):
            placement = placements[draft.participation]
            work.authorise(placement.facets)
            host = placement.must_be_placed("M-06")
            if placement.id in living:
                raise Conflict("plan-exists", "There is a plan already; revise it.", rule="M-06")
            rules = await work.rules(placement.programme, placement.policy_version)
            draft.text.check(placement.planned_start, placement.planned_end, rules.plan.aims)
            plan = _plan(work.new_id(), placement.id, host, draft.text)
            work.plans.add(plan)
            placement.plan = plan.id
            made.append(plan)
    batch.settle()
    return made


async def revise_plan(work: PlacementWork, id: UUID, text: PlanText, reason: str) -> Plan:
    """Write the next edition; the trainee is consulted again, the present one counts until the next is in force.

    Raises:
        Conflict: ``not-in-force``, ``revision-open``.
        RuleViolated: ``plan-incomplete``.
    """
    plan = await work.plans.get(id, target=True)
    placement = await work.placements.get(plan.participation)
    work.authorise(placement.facets)
    if plan.state is not PlanState.IN_FORCE:
        raise Conflict("not-in-force", "Only a plan in force can be revised.", rule="M-06", state=plan.state)
    if await work.plans.list(revises=id, state=OPEN):
        raise Conflict("revision-open", "A revision of this plan is open already.", rule="M-06")
    rules = await work.rules(placement.programme, placement.policy_version)
    text.check(placement.planned_start, placement.planned_end, rules.plan.aims)
    revision = _plan(work.new_id(), placement.id, plan.host, text)
    revision.edition, revision.revises, revision.revision_reason = plan.edition + 1, plan.id, reason
    work.plans.add(revision)
    return revision


async def rewrite_plan(work: PlacementWork, id: UUID, text: PlanText) -> Plan:
    """Write a draft anew, before it is approved; the trainee is consulted on the new text.

    Raises:
        RuleViolated: ``plan-incomplete``.
        Conflict: ``wrong-state``.
    """
    plan = await work.plans.get(id, target=True)
    placement = await work.placements.get(plan.participation)
    work.authorise(placement.facets)
    rules = await work.rules(placement.programme, placement.policy_version)
    text.check(placement.planned_start, placement.planned_end, rules.plan.aims)
    plan.rewrite(text, by=work.actor)
    return plan


def _plan(id: UUID, participation: UUID, host: str, text: PlanText) -> Plan:
    return Plan(
        id=id,
        participation=participation,
        host=host,
        post=text.post,
        tasks=text.tasks,
        inputs=text.inputs,
        parts=text.parts,
        outcomes=text.outcomes,
        aims=text.aims,
    )
