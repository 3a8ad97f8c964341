"""Hand in a programme with one of its batches (P-01, P-13)."""

from __future__ import annotations

from typing import Any

from selection.domain.policy.registered import digest_of
from selection.domain.programmes.programme import Batch, SessionQuota, planned_sessions
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, Malformed, RuleViolated


async def put_batch(work: SelectionWork, programme: str, batch: str, content: dict[str, Any]) -> Batch:
    """Register or, while no session is open, replace a batch; the same content again changes nothing.

    Raises:
        Malformed: ``batch-name`` when the content names another programme or batch.
        RuleViolated: ``batch-target`` (P-02), ``pairing-overlap`` (W-03).
        Conflict: ``batch-in-use``.
    """
    if content["programme"] != programme or content["batch"]["code"] != batch:
        raise Malformed(
            "batch-name",
            "The content names another programme or batch than the address.",
            findings=[Finding("batch-name", f"Expected '{programme}' and '{batch}'.", "/batch/code")],
        )
    plan = content["batch"]
    _disjoint(plan.get("pairing_schemes", []))
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


def _disjoint(schemes: list[dict[str, Any]]) -> None:
    """Refuse pairing schemes that serve one county twice (W-03: the targets of two schemes are disjoint)."""
    owner: dict[str, str] = {}
    findings = []
    for n, scheme in enumerate(schemes):
        for target in scheme["targets"]:
            if owner.setdefault(target, scheme["code"]) != scheme["code"]:
                pointer = f"/batch/pairing_schemes/{n}/targets"
                findings.append(Finding("pairing-overlap", f"'{target}' belongs to another scheme.", pointer, "W-03"))
    if findings:
        raise RuleViolated("pairing-overlap", "Two pairing schemes share a target.", rule="W-03", findings=findings)
