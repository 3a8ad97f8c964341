"""A funding policy as it was applied: content, effective content, and whether money was moved under it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from funding.domain.policy import effective, fingerprint, read_policy
from shared.kernel.refusals import Conflict, Malformed


@dataclass(kw_only=True)
class AppliedPolicy:
    """One version of the policy of a programme; immutable once used.

    Attributes:
        programme, policy_version: what the path names.
        content: what was handed in.
        effective: what holds, inheritance resolved.
        inherits: version of the predecessor, or None.
        sha256: fingerprint of the effective content.
        used: True once a fund or a budget refers to it.
    """

    id: UUID
    version: int = 0
    programme: str
    policy_version: str
    content: dict[str, Any]
    effective: dict[str, Any]
    inherits: str | None
    sha256: str
    used: bool = field(default=False)

    def replace_with(self, content: dict[str, Any], parent: AppliedPolicy | None) -> bool:
        """Take other content while unused; False when nothing changes.

        Raises:
            Conflict: ``policy-in-use``.
        """
        resolved = resolve(self.programme, self.policy_version, content, parent)
        if fingerprint(resolved) == self.sha256 and content == self.content:
            return False
        if self.used:
            raise Conflict("policy-in-use", "Money was decided under this version; apply the change as a new version.")
        self.content, self.effective = content, resolved
        self.inherits, self.sha256 = content.get("inherits"), fingerprint(resolved)
        return True


def resolve(programme: str, version: str, content: dict[str, Any], parent: AppliedPolicy | None) -> dict[str, Any]:
    """The effective content, after it was read once to see that it fits together.

    Raises:
        Malformed: ``wrong-name`` when the content names another programme or version than the path.
        RuleViolated: ``policy-inconsistent``.
    """
    if (content.get("programme"), content.get("version")) != (programme, version):
        raise Malformed("wrong-name", "Programme and version must be those of the path.", programme=programme)
    resolved = effective(parent.effective if parent else None, content)
    read_policy(resolved)
    return resolved
