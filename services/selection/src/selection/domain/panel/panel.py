"""A panel of experts and what it says about candidates, blind of one another (S-05, P-11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from selection.domain.policy.policy import Criterion
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import Conflict, Finding, Malformed


class PanelState(StrEnum):
    """Sheets come in while the panel is open."""

    OPEN = "open"
    CONCLUDED = "concluded"


PANEL = Lifecycle(
    "panel",
    initial=PanelState.OPEN,
    transitions=[
        Transition("conclude", PanelState.OPEN, PanelState.CONCLUDED, frozenset({Role.REGIONAL_OFFICER})),
    ],
)


@dataclass(kw_only=True)
class Panel(Aggregate):
    """Experts who deliberate on the candidates of one session.

    Attributes:
        experts: accounts.
        specialty_groups: groups whose candidates it sees; empty means all.
        minutes: what was noted at the conclusion; about the deliberation, never about a person's views.
    """

    lifecycle: ClassVar[Lifecycle[PanelState]] = PANEL

    state: PanelState = field(default=PanelState.OPEN)
    session_id: UUID
    name: str
    experts: list[str]
    specialty_groups: list[str]
    sheets_required: int
    criteria: list[Criterion]
    minutes: str | None = None
    concluded_count: int | None = None

    @property
    def facets(self) -> Facets:
        """How callers stand to this panel."""
        return Facets(assigned=frozenset(self.experts))

    def sees(self, specialty_group: str) -> bool:
        """True when candidates of this group are this panel's."""
        return not self.specialty_groups or specialty_group in self.specialty_groups

    def takes_sheets(self) -> None:
        """Refuse when concluded. Raises ``Conflict`` ``panel-concluded``."""
        if self.state is not PanelState.OPEN:
            raise Conflict(
                "panel-concluded", "The panel is concluded; its sheets no longer change.", state=str(self.state)
            )

    def needed(self, conflicted: int) -> int:
        """Sheets a candidate needs: as the policy says, fewer when experts stood aside, never none."""
        return max(1, min(self.sheets_required, len(self.experts) - conflicted))

    def conclude(self, minutes: str | None, count: int, by: Actor) -> None:
        """Close the panel over ``count`` candidates."""
        self._advance("conclude", by)
        self.minutes, self.concluded_count = minutes, count


@dataclass(kw_only=True)
class ConflictOfInterest:
    """An expert stands aside for one candidate; the expert neither sees nor scores them any more."""

    id: UUID
    version: int = 0
    panel_id: UUID
    application_id: UUID
    expert: str
    reason: str
    declared_at: datetime


@dataclass(kw_only=True)
class ScoreSheet:
    """One expert's scores for one candidate.

    Attributes:
        scores: criterion → 0 to 100.
        total: weighted sum, two decimals.
    """

    id: UUID
    version: int = 0
    panel_id: UUID
    application_id: UUID
    expert: str
    scores: dict[str, int]
    total: Decimal
    comment: str | None


def weighted_total(scores: Mapping[str, int], criteria: Sequence[Criterion], pointer: str) -> Decimal:
    """The weighted sum of one sheet, exact to two decimals.

    Raises:
        Malformed: ``bad-sheet`` naming missing, unknown and impossible scores.
    """
    findings = [
        Finding(
            "criterion-missing",
            f"Score '{each.code}' as well.",
            f"{pointer}/scores",
            "P-11",
            values={"criterion": each.code},
        )
        for each in criteria
        if each.code not in scores
    ]
    known = {each.code for each in criteria}
    for code, score in scores.items():
        if code not in known:
            findings.append(
                Finding("criterion-unknown", f"There is no criterion '{code}'.", f"{pointer}/scores/{code}", "P-11")
            )
        elif not 0 <= score <= 100:
            findings.append(
                Finding("score-range", "A score lies between 0 and 100.", f"{pointer}/scores/{code}", "P-11")
            )
    if findings:
        raise Malformed("bad-sheet", "A score sheet does not fit the criteria.", findings=findings)
    return Decimal(sum(scores[each.code] * each.weight for each in criteria)) / 100


def mean(totals: Collection[Decimal]) -> Decimal:
    """Mean of the totals to four decimals, half up."""
    return (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
