"""Delete what units attested once nobody can appeal any more (domain.md 7.3 no. 3)."""

from __future__ import annotations

from datetime import timedelta

from selection.usecases.ports import SelectionWork


async def forget_attestations(work: SelectionWork) -> int:
    """Delete attestations, and waivers of attested rules, the policy's days after the roster was fixed.

    A session that never had a roster counts from its planned start.

    Returns:
        how many rows were deleted.
    """
    gone = 0
    for each in await work.attested.remembered():
        session = await work.readings.session(each.session_id)
        policy = await work.readings.policy(session.programme, session.policy_version)
        since = each.fixed_at.date() if each.fixed_at else session.planned_start
        if work.today > since + timedelta(days=policy.attestation_keep_days):
            gone += await work.attested.forget(session.id)
            work.note("attestation.delete", "session", str(session.id))
    return gone
