"""A policy version as it was handed in: immutable once a session, call or decision rests on it (S-08)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.kernel.refusals import Conflict


@dataclass(kw_only=True)
class RegisteredPolicy:
    """One version of one programme's selection method.

    Attributes:
        policy_version: label, ``batch-4``.
        content: as handed in, with ``inherits`` where a predecessor is named.
        resolved: with the predecessor's rows filled in.
        sha256: of the canonical JSON of ``content``.
        used: True once something was decided under it.
    """

    id: UUID
    version: int = 0
    programme: str
    policy_version: str
    inherits: str | None
    content: dict[str, Any]
    resolved: dict[str, Any]
    sha256: str
    used: bool = field(default=False)

    def replace(self, content: dict[str, Any], resolved: dict[str, Any]) -> None:
        """Take another content while nobody has used this version.

        Raises:
            Conflict: ``policy-in-use``.
        """
        digest = digest_of(content)
        if digest == self.sha256 and resolved == self.resolved:
            return
        if self.used:
            raise Conflict(
                "policy-in-use",
                "Decisions rest on this policy version; hand the change in as a new version.",
                rule="S-08",
                policy_version=self.policy_version,
            )
        self.content, self.resolved, self.sha256 = content, resolved, digest
        self.inherits = content.get("inherits")


def canonical(value: Any) -> str:
    """Canonical JSON: sorted members, no blanks, UTF-8 characters as themselves."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(value: Any) -> str:
    """SHA-256 of the canonical JSON, lower-case hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
