"""The policy: one version of a programme's assessment rules as it was handed in and as it works with inheritance."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from assessment.domain.accrediting.rule import read_accreditation
from assessment.domain.schemes.flaws import flaws
from assessment.domain.schemes.reading import inherit, read_scheme
from assessment.domain.schemes.scheme import Scheme
from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import Conflict, RuleViolated

KEEPERS = frozenset({Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.OPERATOR})
ANYONE = frozenset(Role)


class PolicyState(StrEnum):
    """A loaded policy may still be corrected; one in use never."""

    LOADED = "loaded"
    IN_USE = "in_use"


POLICY = Lifecycle(
    "policy",
    initial=PolicyState.LOADED,
    transitions=[
        Transition("replace", PolicyState.LOADED, PolicyState.LOADED, KEEPERS),
        Transition("use", PolicyState.LOADED, PolicyState.IN_USE, ANYONE),
        Transition("use", PolicyState.IN_USE, PolicyState.IN_USE, ANYONE),
    ],
)


@dataclass(kw_only=True)
class Policy(Aggregate):
    """One version of the rules of one programme.

    Attributes:
        policy_version: ``batch-4``.
        inherits: the version it lays itself over, or None.
        content: as handed in.
        effective: with everything inherited, the only thing decisions are taken from.
        digest: SHA-256 of the canonical JSON of ``content``, hex.
    """

    lifecycle: ClassVar[Lifecycle[Any]] = POLICY

    programme: str
    policy_version: str
    inherits: str | None
    content: dict[str, Any]
    effective: dict[str, Any]
    digest: str
    state: PolicyState = PolicyState.LOADED

    def replace(self, content: dict[str, Any], effective: dict[str, Any], digest: str, by: Actor) -> None:
        """Correct a policy nobody has used yet.

        Raises:
            Conflict: ``policy-in-use``; decisions were taken under it, publish a new version instead.
        """
        if self.state is PolicyState.IN_USE:
            raise Conflict("policy-in-use", "Decisions were taken under this version; publish a new version instead.")
        self._advance("replace", by)
        self.content, self.effective, self.digest = content, effective, digest
        self.inherits = content.get("inherits")

    def use(self, by: Actor) -> Scheme:
        """The scheme, for a decision; from now on the policy cannot change."""
        if self.state is not PolicyState.IN_USE:
            self._advance("use", by)
        return self.scheme()

    @property
    def assesses(self) -> bool:
        """True when it says how people are assessed."""
        return "components" in self.effective

    @property
    def accredits(self) -> bool:
        """True when it says how people are accredited (T-02)."""
        return "accreditation" in self.effective

    def scheme(self) -> Scheme:
        """The scheme, for reading."""
        return read_scheme(self.effective)


def effective_content(content: dict[str, Any], parent: Policy | None) -> dict[str, Any]:
    """``content`` with everything it inherits (P-08)."""
    effective = inherit(parent.effective, content) if parent else dict(content)
    effective.pop("inherits", None)
    return effective


def check_sound(effective: dict[str, Any]) -> None:
    """Raises ``RuleViolated`` (``unsound-scheme``) with every flaw of the scheme."""
    found = flaws(read_scheme(effective)) if "components" in effective else []
    found += read_accreditation(effective).flaws() if "accreditation" in effective else []
    if found:
        raise RuleViolated("unsound-scheme", "The scheme contradicts itself; correct the places named.", findings=found)


def new_policy(
    id: UUID, programme: str, version: str, content: dict[str, Any], effective: dict[str, Any], digest: str
) -> Policy:
    """A policy that is loaded for the first time."""
    return Policy(
        id=id,
        programme=programme,
        policy_version=version,
        inherits=content.get("inherits"),
        content=content,
        effective=effective,
        digest=digest,
    )
