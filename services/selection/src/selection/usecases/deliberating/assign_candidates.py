"""Give the candidates of a panel to its experts, and again whenever an expert stands aside or is replaced (S-05)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.codes import Step
from selection.domain.panel.assigned import Assignment, AssignmentState
from selection.domain.panel.assignment import Seeker, assign, conflicted, loads
from selection.domain.panel.panel import Panel
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, RuleViolated


@dataclass(frozen=True, slots=True)
class Assigned:
    """The assignments of a panel: load by expert, and candidates with fewer experts than the policy wants."""

    panel: Panel
    loads: dict[str, int]
    short: tuple[UUID, ...]


async def assign_candidates(work: SelectionWork, panel_id: UUID) -> Assigned:
    """Assign every candidate before the panel; what stands already stays, so that late candidates can be added.

    Raises:
        Conflict: ``panel-concluded``.
        RuleViolated: ``no-expert-left`` naming candidates whom nobody on the panel may see.
    """
    panel = await work.panels.get(panel_id, target=True)
    work.authorise(panel.facets)
    panel.takes_sheets()
    panel.assigned = True
    return await assign_open(work, panel, await waiting_candidates(work, panel))


async def assign_open(
    work: SelectionWork, panel: Panel, candidates: Iterable[Application], *, alone_is_refused: bool = True
) -> Assigned:
    """Fill the gaps of these candidates; deterministic for the seed of the panel.

    A conflict may be declared even where nobody else is left (``alone_is_refused`` False); the conclusion then waits for
    a member who may see the candidate.
    """
    seekers = [_seeker(each) for each in candidates]
    known = await work.assignments.list(panel_id=panel.id)
    standing = {each.pair for each in known if each.state is AssignmentState.ASSIGNED}
    barred = await declared_conflicts(work, panel) | {each.pair for each in known} - standing
    plan = assign(panel.sitting, seekers, panel.sheets_required, panel.seed, declared=barred, standing=standing)
    for application, expert in plan.pairs:
        work.assignments.add(Assignment(id=work.new_id(), panel_id=panel.id, application_id=application, expert=expert))
    served = {application for application, _ in (*plan.pairs, *standing)}
    alone = sorted(each.application for each in seekers if each.application not in served)
    if alone and alone_is_refused:
        raise RuleViolated(
            "no-expert-left",
            "Nobody on the panel may see these candidates; replace a member or widen the panel.",
            rule="S-05",
            findings=[
                Finding("no-expert-left", f"Nobody may see application {id}.", zh=f"无人可评审申请 {id}。")
                for id in alone
            ],
            applications=[str(id) for id in alone],
        )
    return Assigned(panel, dict(loads((*plan.pairs, *standing), panel.sitting)), plan.short)


async def declared_conflicts(work: SelectionWork, panel: Panel) -> set[tuple[UUID, str]]:
    """(application, expert) pairs with a declared conflict."""
    return {(each.application_id, each.expert) for each in await work.conflicts.list(panel_id=panel.id)}


async def waiting_candidates(work: SelectionWork, panel: Panel) -> list[Application]:
    """Everybody before the panel: of its groups, past the local review where the call requires one."""
    return [
        each
        for each in await work.applications.list(session_id=panel.session_id, state=ApplicationState.LOCAL_APPROVED)
        + await work.applications.list(session_id=panel.session_id, state=ApplicationState.SUBMITTED)
        if panel.sees(each.form.specialty_group)
        and (each.state is ApplicationState.LOCAL_APPROVED or Step.LOCAL_REVIEW not in each.required_steps)
    ]


def barred_experts(panel: Panel, application: Application, declared: Collection[tuple[UUID, str]]) -> set[str]:
    """Experts of the panel who must not judge a candidate: themselves, of the same unit, or by declaration."""
    seeker = _seeker(application)
    known = {each.account for each in panel.sitting if conflicted(each, seeker, declared)}
    return known | {expert for id, expert in declared if id == application.id}


def _seeker(application: Application) -> Seeker:
    return Seeker(application.id, application.account, application.unit, application.form.specialty_group)
