"""Hand in one version of a programme's selection method (S-08, P-08)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from selection.domain.policy.inherit import overridden
from selection.domain.policy.parse import parse_policy
from selection.domain.policy.registered import RegisteredPolicy, digest_of
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import Finding, Malformed, NotFound


async def put_policy(
    work: SelectionWork,
    programme: str,
    version: str,
    content: dict[str, Any],
    check_shape: Callable[[dict[str, Any]], None],
) -> RegisteredPolicy:
    """Register or, while unused, replace a policy version; the same content again changes nothing.

    ``check_shape`` holds the resolved content against the published schema.

    Raises:
        Malformed: ``policy-name`` when the content names another programme or version; ``bad-policy``.
        NotFound: ``policy-not-found`` for an unknown predecessor.
        Conflict: ``policy-in-use``.
    """
    named = {"programme": programme, "version": version}
    wrong = [name for name, value in named.items() if content.get(name) != value]
    if wrong:
        raise Malformed(
            "policy-name",
            "The content names another programme or version than the address.",
            findings=[Finding("policy-name", f"Expected '{named[name]}'.", f"/{name}") for name in wrong],
        )
    resolved = dict(content)
    if (predecessor := content.get("inherits")) is not None:
        resolved = overridden(await _resolved(work, programme, predecessor, version), content)
        resolved.pop("inherits")
    check_shape(resolved)
    parse_policy(resolved)
    registered = await work.policies.find(programme=programme, policy_version=version)
    if registered is None:
        registered = RegisteredPolicy(
            id=work.new_id(), programme=programme, policy_version=version, inherits=predecessor, content=content,
            resolved=resolved, sha256=digest_of(content),
        )  # fmt: skip
        work.policies.add(registered)
    registered.replace(content, resolved)
    return registered


async def _resolved(work: SelectionWork, programme: str, predecessor: str, version: str) -> dict[str, Any]:
    base = None if predecessor == version else await work.policies.find(programme=programme, policy_version=predecessor)
    if base is None:
        raise NotFound(
            "policy-not-found", "The predecessor is not registered; hand it in first.", policy_version=predecessor
        )
    return base.resolved
