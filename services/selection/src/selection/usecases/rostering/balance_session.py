"""Propose a roster for a session: the exact best under the quotas, with a reason for everybody (S-06)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.applying.lifecycle import BEFORE_ROSTER, steps_missing
from selection.domain.eligibility.rules import Modality
from selection.domain.people.person import age_on
from selection.domain.roster.run import BalancingRun, RunState, balance
from selection.usecases.applying.forms import facts_of
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Conflict


async def balance_session(work: SelectionWork, session_id: UUID) -> BalancingRun:
    """Balance everybody who has passed the steps of their call; an earlier open proposal gives way.

    Raises:
        NotFound: ``session-not-found``.
        Conflict: ``nobody-ready``.
        RuleViolated: ``quota-infeasible`` naming the nodes.
    """
    session = await work.sessions.get(session_id)
    policy = await work.readings.policy(session.programme, session.policy_version)
    ready = [
        each
        for each in await work.readings.session_applications(session_id, BEFORE_ROSTER)
        if not steps_missing("select", each.state, each.required_steps)
    ]
    if not ready:
        raise Conflict("nobody-ready", "No application of this session has passed the steps of its call.")
    facts = [facts_of(each.form, each.unit_class, policy, age_on(each.birth_date, work.today)) for each in ready]
    targets = [rule for rule in policy.rules.values() if rule.modality is Modality.TARGET]
    run = balance(work.new_id(), session, ready, facts, targets, policy.reserve_size)
    for earlier in await work.runs.list(session_id=session_id, state=RunState.PROPOSED):
        earlier.supersede(work.actor)
    work.runs.add(run)
    return run
