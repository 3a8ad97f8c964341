"""What a policy says about agreements, mentors, plans and pre-training (M-04 to M-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from placement.domain.agreements.parties import PartyRole


@dataclass(frozen=True, slots=True)
class AgreementRules:
    """Roles of the parties, and who answers for what where the draft says nothing (M-04, M-10).

    ``matrix_required``: an agreement without responsible sides is refused.
    """

    roles: tuple[PartyRole, ...]
    matrix: Mapping[str, tuple[str, ...]]
    matrix_required: bool

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> AgreementRules:
        """Read the member ``agreement`` of a policy in effect."""
        matrix = content.get("responsibilities") or {}
        return cls(
            roles=tuple(PartyRole.of(each) for each in content["parties"]),
            matrix={area: tuple(sides) for area, sides in matrix.get("by_area", {}).items()},
            matrix_required=matrix.get("required", False),
        )


@dataclass(frozen=True, slots=True)
class PlanRules:
    """Aims that a plan has to name outcomes for (M-09); none for policies that do not say."""

    aims: tuple[str, ...]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> PlanRules:
        """Read the member ``plan`` of a policy in effect, which may be absent."""
        return cls(aims=tuple(content.get("aims", ())))


@dataclass(frozen=True, slots=True)
class PreTrainingRules:
    """Reasons that excuse an absence, and whether an excused person may leave for the host all the same (M-11)."""

    excuses: tuple[str, ...]
    excused_may_leave: bool

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> PreTrainingRules:
        """Read the member ``pre_training`` of a policy in effect, which may be absent."""
        return cls(tuple(content.get("excuses", ())), content.get("excused_may_leave", False))
