"""Which decisions about a person there are, when each was announced, who took it: what may be appealed (PIPL 24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.eligibility.rules import Outcome

_PLACE = ZoneInfo("Asia/Shanghai")
_S = ApplicationState


class DecisionKind(StrEnum):
    """A decision about one person."""

    REJECTION = "rejection"
    ELIGIBILITY = "eligibility"
    WAIVER_REFUSED = "waiver-refused"
    NON_SELECTION = "non-selection"
    PANEL_OUTCOME = "panel-outcome"
    DESELECTION = "deselection"


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision that was taken.

    Attributes:
        noticed_at: when it was announced.
        by: accounts that took part in it.
    """

    kind: DecisionKind
    noticed_at: datetime
    by: frozenset[str]


@dataclass(frozen=True, slots=True)
class SwapTold:
    """A swap that a person made before the roster was fixed."""

    out: UUID
    into: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class RosterTold:
    """What a session's fixed roster and the run behind it tell.

    Attributes:
        fixed_at: when it was fixed, which announces the decision to everybody.
        by: accounts that confirmed, swapped and fixed.
        seed: with which ties were broken; ``input_sha256``: of everything that went into the run.
    """

    roster: UUID
    fixed_at: datetime
    by: frozenset[str]
    run: UUID
    seed: str
    input_sha256: str
    places: int
    candidates: int
    swaps: tuple[SwapTold, ...]


def decisions_about(application: Application, roster: RosterTold | None, left_at: datetime | None) -> list[Taken]:
    """The announced decisions about an application, in their order.

    Args:
        application: the participation.
        roster: of its session, None while no roster is fixed; until then what the panel said is not announced.
        left_at: when a place was lost, for ``deselected``.
    """
    taken: list[Taken] = []
    local = application.local_decision
    if application.state is _S.REJECTED and local is not None:
        at, by = local.at, frozenset({local.by})
        taken.append(Taken(DecisionKind.REJECTION, at, by))
        unmet = [result for result in application.eligibility if result.outcome is Outcome.UNMET]
        if unmet:
            taken.append(Taken(DecisionKind.ELIGIBILITY, at, by))
        if any(result.waiver_role is not None for result in unmet):
            taken.append(Taken(DecisionKind.WAIVER_REFUSED, at, by))
    if roster is not None:
        if application.state in (_S.NOT_SELECTED, _S.RESERVE):
            taken.append(Taken(DecisionKind.NON_SELECTION, roster.fixed_at, roster.by))
        if application.panel_score is not None:
            taken.append(Taken(DecisionKind.PANEL_OUTCOME, roster.fixed_at, roster.by))
    if application.state is _S.DESELECTED and left_at is not None:
        taken.append(Taken(DecisionKind.DESELECTION, left_at, frozenset()))
    return taken


def last_day(taken: Taken, file_within_days: int) -> date:
    """The last calendar day, where the programme runs, to object to a decision."""
    return taken.noticed_at.astimezone(_PLACE).date() + timedelta(days=file_within_days)


def decision_of(kind: str, taken: Sequence[Taken]) -> Taken | None:
    """The decision of one kind, if it was taken."""
    return next((each for each in taken if each.kind.value == kind), None)
