"""Propose a roster for a session: the exact best under the quotas, with a reason for everybody (S-06)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.balancing.proposal import Proposal, propose
from selection.domain.eligibility.rules import Modality
from selection.domain.roster.run import BalancingRun, RunCertificate, RunState, run_of
from selection.usecases.applying.forms import facts_about
from selection.usecases.judging.attested_rules import require_attested
from selection.usecases.ports import SelectionWork
from selection.usecases.rostering.ask_balance import Prepared, Question, question_of
from shared.kernel.refusals import Conflict


async def balance_session(work: SelectionWork, session_id: UUID, prepared: Prepared | None = None) -> BalancingRun:
    """Keep the balance of everybody who has passed the steps of their call; an earlier open proposal gives way.

    ``prepared`` was computed before this transaction; without it a plain tree is balanced here and now.

    Raises:
        NotFound: ``session-not-found``.
        Conflict: ``nobody-ready``; ``input-changed`` when scores, people or quotas are no longer those of ``prepared``.
        RuleViolated: ``quota-infeasible`` naming the nodes; ``attested-rules-open`` naming the applications.
    """
    await work.sessions.get(session_id)
    question = await question_of(work, session_id)
    await require_attested(work, question.ready)
    proposal = _proposal(question, prepared)
    chosen = set(proposal.balance.selected)
    facts = [facts_about(each, question.policy, work.today) for each in question.ready if each.id in chosen]
    rules = question.policy.rules.values()
    targets = [rule for rule in rules if rule.modality is Modality.TARGET and rule.in_force(work.today)]
    run = run_of(work.new_id(), question.session, question.problem, proposal, question.sha256, facts, targets)
    for earlier in await work.runs.list(session_id=session_id, state=RunState.PROPOSED):
        earlier.supersede(work.actor)
    work.runs.add(run)
    work.certificates.add(
        RunCertificate(
            id=work.new_id(), run_id=run.id, given=question.problem.document(), answer=proposal.balance.document()
        )
    )
    return run


def _proposal(question: Question, prepared: Prepared | None) -> Proposal:
    if prepared is None and question.problem.is_tree:
        return propose(question.problem, question.policy.reserve_size)
    if prepared is None or prepared.sha256 != question.sha256:
        raise Conflict(
            "input-changed", "Somebody changed scores, people or quotas while the balance was computed; balance again.",
            rule="S-06",
        )  # fmt: skip
    if prepared.refusal is not None:
        raise prepared.refusal
    assert prepared.proposal is not None
    return prepared.proposal
