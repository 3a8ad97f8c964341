"""Hand in a version of a programme's placement policy."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from placement.domain.policies import Policy, resolve
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict, Malformed, RuleViolated


async def apply_policy(work: PlacementWork, programme: str, version: str, content: dict[str, Any]) -> Policy:
    """Keep ``content`` as ``version``; the same content again changes nothing. The caller validates the result.

    Raises:
        Malformed: ``path-mismatch`` when the content names another programme or version.
        RuleViolated: ``parent-missing`` when the inherited version is not there (P-08).
        Conflict: ``policy-used`` when a decision already hangs on this version.
    """
    if content.get("programme") != programme or content.get("version") != version:
        raise Malformed("path-mismatch", "Programme and version of the content must be those of the path.")
    inherits = content.get("inherits")
    parent = None
    if inherits is not None:
        parent = await work.policies.find(programme=programme, policy_version=inherits)
        if parent is None or inherits == version:
            raise RuleViolated("parent-missing", f"Apply version '{inherits}' first.", rule="P-08", inherits=inherits)
        parent.used = True
    own = {name: value for name, value in content.items() if name != "inherits"}
    effective = resolve(parent.effective if parent else None, own)
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    sha256 = hashlib.sha256(canonical.encode()).hexdigest()
    policy = await work.policies.find(programme=programme, policy_version=version)
    if policy is None:
        policy = Policy(
            id=work.new_id(),
            programme=programme,
            policy_version=version,
            inherits=inherits,
            content=content,
            effective=effective,
            sha256=sha256,
        )
        work.policies.add(policy)
    elif policy.sha256 != sha256:
        if policy.used:
            raise Conflict("policy-used", "Decisions hang on this version; hand in a new one.", rule="P-08")
        policy.inherits, policy.content, policy.effective, policy.sha256 = inherits, content, effective, sha256
    return policy
