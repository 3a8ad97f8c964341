"""A panel of experts and what it says about candidates, blind of one another (S-05, P-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from selection.domain.panel.assignment import Member
from selection.domain.policy.policy import Criterion
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import Conflict, Finding, Forbidden, Malformed


class PanelState(StrEnum):
    """Sheets come in while the panel is open."""

    OPEN = "open"
    CONCLUDED = "concluded"


PANEL = Lifecycle(
    "panel",
    initial=PanelState.OPEN,
    transitions=[
        Transition(
            "conclude",
            PanelState.OPEN,
            PanelState.CONCLUDED,
            frozenset({Role.REGIONAL_OFFICER, Role.PANEL_EXPERT}),
        ),
    ],
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """One member took the seat of another."""

    out: str
    member: str
    reason: str
    at: datetime


@dataclass(kw_only=True)
class Panel(Aggregate):
    """Experts who deliberate on the candidates of one session.

    Attributes:
        experts: accounts.
        specialty_groups: groups whose candidates it sees; empty means all.
        members: what is known of experts: their unit and groups; who is not here knows all groups.
        chair: the expert who signs the minutes off; None leaves it to the region.
        seed: of the assignment, published; ``assigned``: experts see only what is assigned to them.
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
    members: list[Member] = field(default_factory=list)
    replacements: list[Replacement] = field(default_factory=list)
    chair: str | None = None
    seed: str = ""
    assigned: bool = False

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

    @property
    def sitting(self) -> list[Member]:
        """Every expert with what is known of them."""
        known = {member.account: member for member in self.members}
        return [known.get(account) or Member(account) for account in self.experts]

    def seat_findings(self, out: str, account: str) -> list[Finding]:
        """What is wrong with seating ``account`` in the place of ``out``."""
        findings = []
        if out not in self.experts:
            findings.append(Finding("unknown-expert", f"'{out}' does not sit on this panel.", "/out", "S-05"))
        if account in self.experts:
            findings.append(
                Finding("expert-twice", "The expert sits on this panel already.", "/member/account", "S-05")
            )
        return findings

    def replace_member(self, out: str, member: Member, reason: str, at: datetime) -> None:
        """Seat ``member`` in the place of ``out``; the chair passes on. Raises ``Conflict`` ``panel-concluded``."""
        self.takes_sheets()
        self.experts = [member.account if each == out else each for each in self.experts]
        self.members = [*(each for each in self.members if each.account not in (out, member.account)), member]
        self.replacements = [*self.replacements, Replacement(out, member.account, reason, at)]
        self.chair = member.account if self.chair == out else self.chair

    def conclude(self, minutes: str | None, by: Actor) -> None:
        """Close the panel: by its chair, or by the region where no chair is named.

        Raises:
            Forbidden: ``not-the-chair``.
        """
        self._advance("conclude", by)
        if by.subject != self.chair and (self.chair is not None or not by.has(Role.REGIONAL_OFFICER)):
            raise Forbidden("not-the-chair", "The chair of the panel signs its minutes off.", rule="S-05")
        self.minutes = minutes


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
