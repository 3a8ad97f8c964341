"""Publish and close calls (S-02)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from selection.domain.codes import Step
from selection.domain.organisation import is_path
from selection.domain.programmes.call import Call, in_order
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, Malformed


async def open_call(
    work: SelectionWork,
    session_id: UUID,
    opens_at: datetime,
    closes_at: datetime,
    scope: str,
    required_steps: Sequence[Step] | None,
    profile: str | None,
) -> Call:
    """Publish a call of a session; steps default to the policy's, and so does the profile where there is only one.

    Raises:
        NotFound: ``session-not-found``.
        Malformed: ``bad-call`` for a window that ends before it begins, an unknown profile or scope.
    """
    session = await work.readings.session(session_id)
    policy = await work.readings.policy(session.programme, session.policy_version)
    profile = profile or (min(policy.profiles) if len(policy.profiles) == 1 else "")
    findings = []
    if opens_at >= closes_at:
        findings.append(Finding("bad-window", "The window must end after it begins.", "/closes_at", "S-02"))
    if profile not in policy.profiles:
        findings.append(Finding("unknown-code", f"The policy knows {sorted(policy.profiles)}.", "/profile"))
    if not is_path(scope):
        findings.append(Finding("bad-path", "This is no organisation path.", "/scope"))
    if findings:
        raise Malformed("bad-call", "The call cannot be published like this.", findings=findings)
    call = Call(
        id=work.new_id(), session_id=session.id, programme=session.programme, batch=session.batch, session=session.session,
        opens_at=opens_at, closes_at=closes_at, scope=scope,
        required_steps=in_order(policy.steps if required_steps is None else required_steps), profile=profile,
        policy_version=session.policy_version,
    )  # fmt: skip
    work.calls.add(call)
    return call


async def close_call(work: SelectionWork, call_id: UUID) -> Call:
    """Close a call before its window ends."""
    call = await work.calls.get(call_id, target=True)
    call.close(work.actor)
    return call
