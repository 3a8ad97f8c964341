"""Publish a version of a programme's assessment rules (P-08)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from assessment.domain.schemes.policy import Policy, check_sound, effective_content, new_policy
from assessment.usecases.ports import AssessmentPort, SchemeChecker
from shared.kernel.refusals import Finding, Malformed, NotFound, RuleViolated


async def put_policy(
    work: AssessmentPort, programme: str, version: str, content: dict[str, Any], checker: SchemeChecker
) -> tuple[Policy, bool]:
    """The policy and whether it is new; the same content again changes nothing.

    Raises:
        Malformed: ``bad-policy`` with every place that does not fit the JSON Schema.
        NotFound: ``no-predecessor`` when the inherited version is not loaded.
        RuleViolated: ``unsound-scheme`` with every contradiction.
        Conflict: ``policy-in-use``.
    """
    found = checker.content(content) + _misnamed(content, programme, version)
    if found:
        raise Malformed("bad-policy", "The policy does not fit its schema; see errors.", findings=found)
    parent = await _parent(work, programme, version, content)
    effective = effective_content(content, parent)
    found = checker.effective(effective)
    if found:
        raise RuleViolated("incomplete-policy", "With what it inherits the policy is not complete.", findings=found)
    check_sound(effective)
    digest = hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()
    known = await work.policies.find(programme=programme, policy_version=version)
    if known is None:
        policy = new_policy(work.new_id(), programme, version, content, effective, digest)
        work.policies.add(policy)
    elif known.digest != digest:
        known.replace(content, effective, digest, work.actor)
        policy = known
    else:
        policy = known
    if parent is not None:
        parent.use(work.actor)
    return policy, known is None


async def _parent(work: AssessmentPort, programme: str, version: str, content: dict[str, Any]) -> Policy | None:
    name = content.get("inherits")
    if name is None:
        return None
    if name == version:
        raise RuleViolated("inherits-itself", "A version cannot inherit itself.", rule="P-08")
    parent = await work.policies.find(programme=programme, policy_version=name)
    if parent is None:
        raise NotFound("no-predecessor", "The version it inherits is not loaded; load that first.", inherits=name)
    return parent


def _misnamed(content: dict[str, Any], programme: str, version: str) -> list[Finding]:
    return [
        Finding("not-this-policy", f"The address names another {member}.", f"/{member}")
        for member, named in (("programme", programme), ("version", version))
        if content.get(member) != named
    ]
