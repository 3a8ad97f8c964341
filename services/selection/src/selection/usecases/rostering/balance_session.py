"""Propose a roster for a session: the exact best under the quotas, with a reason for everybody (S-06)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.applying.lifecycle import BEFORE_ROSTER, steps_missing
from selection.domain.eligibility.rules import Modality
from selection.domain.roster.run import BalancingRun, RunState, balance
from selection.usecases.applying.forms import facts_about
from selection.usecases.judging.attested_rules import require_attested
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Conflict


async def balance_session(work: SelectionWork, session_id: UUID) -> BalancingRun:
    """Balance everybody who has passed the steps of their call; an earlier open proposal gives way.

    Raises:
        NotFound: ``session-not-found``.
        Conflict: ``nobody-ready``.
        RuleViolated: ``quota-infeasible`` naming the nodes; ``attested-rules-open`` naming the applications.
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
    await require_attested(work, ready)
    facts = [facts_about(each, policy, work.today) for each in ready]
    targets = [rule for rule in policy.rules.values() if rule.modality is Modality.TARGET and rule.in_force(work.today)]
    run = balance(work.new_id(), session, ready, facts, targets, policy.reserve_size)
    for earlier in await work.runs.list(session_id=session_id, state=RunState.PROPOSED):
        earlier.supersede(work.actor)
    work.runs.add(run)
    return run
