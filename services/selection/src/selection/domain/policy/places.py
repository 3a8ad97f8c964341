"""What a policy says of places over time: when a seat is taken, who may leave when, how the reserve is asked, what is due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from shared.kernel.actor import Role


class SeatRule(StrEnum):
    """When an application takes a seat of the quota tree."""

    ON_FIXING = "on_fixing"
    ON_SUBMISSION = "on_submission"


class Confirmation(StrEnum):
    """Whether a member of the reserve is asked before being promoted."""

    NONE = "none"
    REQUIRED = "required"


class Stage(StrEnum):
    """How far a person had come when they left."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RESERVE = "reserve"
    SELECTED = "selected"
    PLACED = "placed"
    STARTED = "started"


@dataclass(frozen=True, slots=True)
class LeavingRule:
    """Leaving at one stage.

    Attributes:
        by: roles that may withdraw the application at this stage.
        until_days: last day, counted from the planned start (negative: before it); None always.
        replacement: whether the vacated place is offered to the reserve.
    """

    by: frozenset[Role] = frozenset({Role.APPLICANT})
    until_days: int | None = None
    replacement: bool = True

    def open_on(self, today: date, planned_start: date) -> bool:
        """True until the last day."""
        return self.until_days is None or today <= planned_start + timedelta(days=self.until_days)


@dataclass(frozen=True, slots=True)
class Places:
    """Seats, leaving, the reserve and deadlines of one policy; every member has a default that older policies keep.

    Attributes:
        hold_days: how long a seat taken on submission is held; None until the decision.
        answer_days: days a member of the reserve has to answer an offer.
        leaving: stage → rule; a stage that is not named is open to the applicant.
        deadlines: kind of obligation → days it may take; a kind that is not named has no due date of its own.
        escalation_days: days overdue after which an obligation is escalated.
    """

    seats: SeatRule = SeatRule.ON_FIXING
    hold_days: int | None = None
    confirmation: Confirmation = Confirmation.NONE
    answer_days: int = 3
    leaving: dict[Stage, LeavingRule] = field(default_factory=dict)
    deadlines: dict[str, int] = field(default_factory=dict)
    escalation_days: int = 7

    def leaving_at(self, stage: Stage) -> LeavingRule:
        """The rule of a stage."""
        return self.leaving.get(stage, LeavingRule())


def parse_places(content: dict[str, Any], refuse: Any) -> Places:
    """The typed members of a resolved content; contradictions go to ``refuse(pointer, sentence)``."""
    seats, reserve = content.get("seats", {}), content["reserve"]
    leaving: dict[Stage, LeavingRule] = {}
    for n, row in enumerate(content.get("leaving", [])):
        stage = Stage(row["stage"])
        if stage in leaving:
            refuse(f"/leaving/{n}/stage", f"The stage '{stage}' is named twice.")
        roles = frozenset(Role(role) for role in row.get("by", [Role.APPLICANT]))
        leaving[stage] = LeavingRule(roles, row.get("until_days"), row.get("replacement", True))
    if seats.get("hold_days") is not None and seats.get("taken") != SeatRule.ON_SUBMISSION:
        refuse("/seats/hold_days", "A seat is held only when it is taken on submission.")
    deadlines = content.get("deadlines", {})
    return Places(
        seats=SeatRule(seats.get("taken", SeatRule.ON_FIXING)),
        hold_days=seats.get("hold_days"),
        confirmation=Confirmation(reserve.get("confirmation", Confirmation.NONE)),
        answer_days=reserve.get("answer_days", 3),
        leaving=leaving,
        deadlines={kind: days for kind, days in deadlines.items() if kind != "escalation"},
        escalation_days=deadlines.get("escalation", 7),
    )
