"""Hand in a programme with one of its batches (P-01, P-13)."""

from __future__ import annotations

from typing import Any

from selection.domain.policy.registered import digest_of
from selection.domain.programmes.programme import Batch, SessionQuota, planned_sessions
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, Malformed


async def put_batch(work: SelectionWork, programme: str, batch: str, content: dict[str, Any]) -> Batch:
    """Register or, while no session is open, replace a batch; the same content again changes nothing.

    Raises:
        Malformed: ``batch-name`` when the content names another programme or batch.
        RuleViolated: ``batch-target`` (P-02).
        Conflict: ``batch-in-use``.
    """
    if content["programme"] != programme or content["batch"]["code"] != batch:
        raise Malformed(
            "batch-name",
            "The content names another programme or batch than the address.",
            findings=[Finding("batch-name", f"Expected '{programme}' and '{batch}'.", "/batch/code")],
        )
    plan = content["batch"]
    sessions = planned_sessions(
        plan["target"], [SessionQuota(row["session"], row["quota"]) for row in plan["sessions"]]
    )
    handed_in = Batch(
        id=work.new_id(), programme=programme, batch=batch, kind=content["kind"], target=plan["target"],
        sessions=sessions, content=content, sha256=digest_of(content),
    )  # fmt: skip
    known = await work.batches.find(programme=programme, batch=batch)
    if known is None:
        work.batches.add(handed_in)
        return handed_in
    known.replace(handed_in)
    return known
