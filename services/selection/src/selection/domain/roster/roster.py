"""The roster: proposed from a confirmed run, fixed by the region, filed with the ministry, amended by version (S-07)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from selection.domain import facts
from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Malformed


class RosterState(StrEnum):
    """Filing is for the record, never an approval: a roster counts from ``fixed`` on."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    FIXED = "fixed"
    FILED = "filed"
    ACKNOWLEDGED = "acknowledged"
    FILING_RETURNED = "filing_returned"
    AMENDED = "amended"
    DISCARDED = "discarded"


_S = RosterState
_REGION = frozenset({Role.REGIONAL_OFFICER})
_MINISTRY = frozenset({Role.MINISTRY_OFFICER})
STANDING_STATES = (_S.FIXED, _S.FILED, _S.ACKNOWLEDGED, _S.FILING_RETURNED, _S.AMENDED)
"""States in which the roster is in force."""

ROSTER = Lifecycle(
    "roster",
    initial=_S.DRAFT,
    transitions=[
        Transition("propose", _S.DRAFT, _S.PROPOSED, _REGION),
        Transition("discard", _S.PROPOSED, _S.DISCARDED, _REGION),
        Transition("fix", _S.PROPOSED, _S.FIXED, _REGION),
        *arrows("file", (_S.FIXED, _S.AMENDED, _S.FILING_RETURNED), _S.FILED, _REGION),
        Transition("acknowledge", _S.FILED, _S.ACKNOWLEDGED, _MINISTRY),
        Transition("return", _S.FILED, _S.FILING_RETURNED, _MINISTRY),
        *arrows("amend", STANDING_STATES, _S.AMENDED, frozenset({Role.SYSTEM})),
    ],
)


class EntryStanding(StrEnum):
    """Where an entry stands; ``left`` keeps the trace of who had a place."""

    SELECTED = "selected"
    RESERVE = "reserve"
    PROMOTED = "promoted"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the roster.

    Attributes:
        position: 1-based, among the selected or within the reserve.
        traits: dimension → value for the quota nodes, as they were when the roster was proposed.
    """

    application: UUID
    standing: EntryStanding
    position: int
    score: Decimal
    study_direction: str | None
    unit: str
    title_level: str
    traits: dict[str, str]

    @property
    def holds_place(self) -> bool:
        """True for the selected and the promoted."""
        return self.standing in (EntryStanding.SELECTED, EntryStanding.PROMOTED)


@dataclass(frozen=True, slots=True)
class Swap:
    """A change that the confirming person made to the proposal, with the reason.

    Attributes:
        score_loss: what the total score of the roster loses by it; below zero for a gain.
    """

    out: UUID
    into: UUID
    reason: str
    by: str
    score_loss: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Filing:
    """One handing-in to the ministry and its answer."""

    roster_version: int
    sha256: str
    filed_at: datetime
    filed_by: str
    answer: str | None = None
    receipt: str | None = None
    reason: str | None = None
    answered_at: datetime | None = None


@dataclass(kw_only=True)
class Roster(Aggregate):
    """Who is selected and who waits, in order.

    Attributes:
        roster_version: 0 until fixed, then 1, 2, … with every amendment.
        sha256: of the canonical JSON of the current edition.
    """

    lifecycle: ClassVar[Lifecycle[RosterState]] = ROSTER

    state: RosterState = field(default=RosterState.DRAFT)
    session_id: UUID
    programme: str
    batch: str
    session: str
    policy_version: str
    run_id: UUID
    roster_version: int = 0
    entries: list[Entry]
    swaps: list[Swap]
    sha256: str | None = None
    filings: list[Filing] = field(default_factory=list)
    fixed_at: datetime | None = None
    reason: str | None = None

    @property
    def selected(self) -> list[Entry]:
        """Entries with a place."""
        return [entry for entry in self.entries if entry.holds_place]

    @property
    def reserve(self) -> list[Entry]:
        """Entries that wait, in order."""
        waiting = [entry for entry in self.entries if entry.standing is EntryStanding.RESERVE]
        return sorted(waiting, key=lambda entry: entry.position)

    def propose(self, by: Actor) -> None:
        """Stand for being fixed."""
        self._advance("propose", by)

    def discard(self, reason: str, by: Actor) -> None:
        """Give the proposal up, so that another run can be confirmed."""
        self._advance("discard", by)
        self.reason = reason

    def fix(self, by: Actor, at: datetime) -> None:
        """Become the roster in force, version 1."""
        self._advance("fix", by)
        self.roster_version, self.fixed_at = 1, at

    def amend(self, leaver: UUID, promoted: UUID | None, by: Actor) -> None:
        """Replace one who left by one of the reserve, or leave the place vacant; the version rises."""
        self._advance("amend", by)
        self.roster_version += 1
        position = next(entry.position for entry in self.entries if entry.application == leaver)
        self.entries = [self._amended(entry, leaver, promoted, position) for entry in self.entries]

    @staticmethod
    def _amended(entry: Entry, leaver: UUID, promoted: UUID | None, position: int) -> Entry:
        if entry.application == leaver:
            return replace(entry, standing=EntryStanding.LEFT)
        if entry.application == promoted:
            return replace(entry, standing=EntryStanding.PROMOTED, position=position)
        return entry

    def sealed(self, sha256: str) -> facts.RosterFixed:
        """Take the digest of the edition that was made of the current version."""
        self.sha256 = sha256
        return facts.RosterFixed(
            self.id, self.session, self.programme, self.batch, self.roster_version,
            len(self.selected), len(self.reserve), sha256,
        )  # fmt: skip

    def file(self, by: Actor, at: datetime) -> facts.RosterFiled:
        """Hand the current version to the ministry for the record."""
        self._advance("file", by)
        self.filings = [*self.filings, Filing(self.roster_version, self.sha256 or "", at, by.subject)]
        return facts.RosterFiled(self.id, self.session, self.roster_version)

    def acknowledge(self, receipt: str, by: Actor, at: datetime) -> facts.RosterAcknowledged:
        """Get the ministry's receipt."""
        self._advance("acknowledge", by)
        self._answer("acknowledged", receipt, None, at)
        return facts.RosterAcknowledged(self.id, self.session, self.roster_version, receipt)

    def send_back(self, reason: str, by: Actor, at: datetime) -> None:
        """Get the filing back with a reason; the roster stays in force."""
        self._advance("return", by)
        self._answer("returned", None, reason, at)

    def _answer(self, answer: str, receipt: str | None, reason: str | None, at: datetime) -> None:
        *earlier, last = self.filings
        self.filings = [*earlier, replace(last, answer=answer, receipt=receipt, reason=reason, answered_at=at)]


def swapped(entries: Sequence[Entry], swaps: Sequence[Swap]) -> list[Entry]:
    """The entries after the confirming person's swaps: the two exchange standing and position.

    Raises:
        Malformed: ``bad-swap`` unless each swap takes one selected person out and one who waits in, each once.
    """
    result = {entry.application: entry for entry in entries}
    touched: set[UUID] = set()
    for swap in swaps:
        out, into = result.get(swap.out), result.get(swap.into)
        if out is None or into is None or not out.holds_place or into.holds_place or touched & {swap.out, swap.into}:
            raise Malformed(
                "bad-swap", "A swap takes one selected person out and one who waits in, each once.",
                out=str(swap.out), into=str(swap.into),
            )  # fmt: skip
        touched |= {swap.out, swap.into}
        result[swap.out] = replace(out, standing=into.standing, position=into.position)
        result[swap.into] = replace(into, standing=out.standing, position=out.position)
    return list(result.values())
