"""Open one session of a batch with its places, term and quota tree (P-02, P-03, P-12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from selection.domain.balancing.tree import QuotaNode, QuotaTree
from selection.domain.policy.parse import parse_policy
from selection.domain.programmes.programme import Session, end_of_term
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Malformed, NotFound


async def open_session(
    work: SelectionWork,
    programme: str,
    batch: str,
    session: str,
    planned_start: date | None,
    nodes: Sequence[QuotaNode] | None,
) -> Session:
    """Open a session under the policy version that carries the batch's name.

    Where ``planned_start`` or ``nodes`` is None, the policy's plan for this session counts, and where that is silent the
    batch's own tree; the session keeps a copy, so that a later change of either leaves the other as it is (P-08).

    Raises:
        NotFound: ``batch-not-found`` or ``policy-not-found``.
        RuleViolated: ``session-not-planned`` (P-02), ``quota-tree`` (S-06).
        Malformed: ``planned-start-missing``.
        Conflict: ``session-open`` when it is open already (by constraint).
    """
    owner = await work.batches.find(programme=programme, batch=batch)
    if owner is None:
        raise NotFound("batch-not-found", "There is no such batch; hand it in first.")
    registered = await work.policies.find(programme=programme, policy_version=batch)
    if registered is None:
        raise NotFound("policy-not-found", "The batch has no selection policy; hand it in first.", policy_version=batch)
    policy = parse_policy(registered.resolved)
    plan = policy.plan_of(session)
    quota = owner.quota_of(session)
    start, term = planned_start or plan.planned_start, plan.term or policy.term
    if start is None:
        raise Malformed("planned-start-missing", "Neither the request nor the policy says when the term starts.")
    tree = QuotaTree(quota, nodes if nodes is not None else plan.quota_nodes or ())
    owner.used = registered.used = True
    id = work.new_id()
    opened = Session(
        id=id, batch_id=owner.id, programme=programme, batch=batch, session=session, quota=quota, planned_start=start,
        planned_end=end_of_term(start, term), term=term, policy_version=policy.version,
        seed=work.new_id().hex, quota_nodes=list(tree.nodes),
    )  # fmt: skip
    work.sessions.add(opened)
    await work.quotas.lay_out(opened, [])
    return opened
