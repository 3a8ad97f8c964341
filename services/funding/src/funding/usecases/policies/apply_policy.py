"""Apply a version of a programme's funding policy."""

from __future__ import annotations

from typing import Any

from funding.domain.applied_policy import AppliedPolicy, resolve
from funding.domain.policy import fingerprint
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import RuleViolated


async def apply_policy(work: FundingWork, programme: str, version: str, content: dict[str, Any]) -> AppliedPolicy:
    """Keep the policy; the same content again changes nothing.

    Raises:
        Malformed: ``wrong-name``.
        RuleViolated: ``unknown-predecessor``, ``policy-inconsistent``.
        Conflict: ``policy-in-use``.
    """
    predecessor: AppliedPolicy | None = None
    if (inherits := content.get("inherits")) is not None:
        predecessor = await work.policies.find(programme=programme, policy_version=inherits)
        if predecessor is None:
            raise RuleViolated("unknown-predecessor", "Apply the version it inherits from first.", inherits=inherits)
        predecessor.used = True
    known = await work.policies.find(programme=programme, policy_version=version)
    if known is not None:
        known.replace_with(content, predecessor)
        return known
    resolved = resolve(programme, version, content, predecessor)
    new = AppliedPolicy(
        id=work.new_id(),
        programme=programme,
        policy_version=version,
        content=content,
        effective=resolved,
        inherits=inherits,
        sha256=fingerprint(resolved),
    )
    work.policies.add(new)
    return new


async def use_policy(work: FundingWork, programme: str, version: str) -> None:
    """Mark a policy as used: from now on it is immutable. Raises ``RuleViolated``: ``unknown-policy``."""
    applied = await work.policies.find(programme=programme, policy_version=version)
    if applied is None:
        raise RuleViolated("unknown-policy", "Apply the funding policy first.", programme=programme, policy=version)
    applied.used = True
