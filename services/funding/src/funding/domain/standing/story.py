"""What other services said about a participation, kept as a set of facts: the order of their arrival cannot matter."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from uuid import UUID

from funding.domain.payments.clawback import WayOut


@dataclass(frozen=True, slots=True)
class Selection:
    """The person has a place (S-07): from when to when, by which version of the roster, for which term (``P1Y``)."""

    roster_version: int
    planned_start: date
    planned_end: date
    term: str = ""


@dataclass(frozen=True, slots=True)
class Placing:
    """The placement is confirmed: host, its province (two digits) and the term agreed."""

    host: str
    province: str
    planned_start: date
    planned_end: date


@dataclass(frozen=True, slots=True)
class Arrival:
    """The person is there (M-03)."""

    host: str
    on: date
    late: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A running placement changed; ``cause`` is the id of the event, so that it counts once.

    ``kind`` is what changed: suspended, resumed, transferred, extended; empty where it was not kept.
    """

    cause: str
    effective_on: date
    host: str
    planned_end: date
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    """The placement is over; ``days`` counts both the first and the last day served."""

    started: bool
    on: date
    kind: Literal["normal", "early", "before_start", "no_show"]
    reason: str
    days: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """The person withdrew, or an amended roster (``roster_version``) no longer holds them."""

    reason: str
    roster_version: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The confirmed result of the completion assessment (C-01); ``nth`` counts them, the highest is the last word."""

    passed: bool
    on: date
    nth: int = 1


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate issued (C-02) and, if so, revoked."""

    certificate: UUID
    issued_on: date | None = None
    revoked_on: date | None = None


@dataclass(slots=True)
class Story:
    """Everything that was heard so far; absent means not heard."""

    selection: Selection | None = None
    withdrawn: Leaving | None = None
    deselected: Leaving | None = None
    placing: Placing | None = None
    arrival: Arrival | None = None
    changes: list[Change] = field(default_factory=list)
    ending: Ending | None = None
    result: Result | None = None
    certificates: list[Certificate] = field(default_factory=list)

    @property
    def left(self) -> Leaving | None:
        """Why the person no longer has a place, or None; a later version of the roster may take them in again."""
        if self.withdrawn is not None:
            return self.withdrawn
        out, chosen = self.deselected, self.selection
        if out is not None and chosen is not None and (out.roster_version or 0) < chosen.roster_version:
            return None
        return out

    @property
    def never_began(self) -> str | None:
        """Why no day of the placement was or will be served, or None while it may be or was."""
        if self.ending is not None:
            return None if self.ending.started else self.ending.reason
        return self.left.reason if self.left is not None and self.arrival is None else None

    @property
    def ended_early(self) -> bool:
        """True when a placement that had begun was broken off."""
        return self.ending is not None and self.ending.started and self.ending.kind == "early"

    @property
    def way_out(self) -> tuple[WayOut | None, str]:
        """By what money came to be owed back, and the reason as a code; empty where there is none."""
        if self.never_began is not None:
            return WayOut.NEVER_BEGAN, self.never_began
        if self.ended_early and self.ending is not None:
            return WayOut.EARLY_END, self.ending.reason
        if self.revoked:
            return WayOut.REVOKED, ""
        return (WayOut.FAILED, "") if self.failed else (None, "")

    @property
    def failed(self) -> bool:
        """True when the last word of the assessment is a fail."""
        return self.result is not None and not self.result.passed

    @property
    def certified_on(self) -> date | None:
        """When the certificate that still stands was issued, or None."""
        days = [c.issued_on for c in self.certificates if c.issued_on is not None and c.revoked_on is None]
        return max(days) if days else None

    @property
    def revoked(self) -> bool:
        """True when a certificate was revoked and no other stands."""
        return self.certified_on is None and any(c.revoked_on is not None for c in self.certificates)

    @property
    def is_told(self) -> bool:
        """True when nothing is to be expected that would change what the person is owed, save a revocation."""
        if self.never_began is not None or self.ended_early:
            return True
        return self.ending is not None and (self.failed or self.revoked or self.certified_on is not None)

    @property
    def host(self) -> str | None:
        """The host that is paid from now on: the last transfer, else where the person was placed."""
        if self.changes:
            return self.changes[-1].host
        return self.placing.host if self.placing is not None else None

    @property
    def starts_on(self) -> date | None:
        """The first paid day: the planned one, or the day of a late arrival (M-03)."""
        if self.placing is None:
            return None
        if self.arrival is not None and self.arrival.late:
            return max(self.arrival.on, self.placing.planned_start)
        return self.placing.planned_start

    def hear_selected(self, selection: Selection) -> None:
        """Keep the latest version of the roster that holds the person."""
        if self.selection is None or selection.roster_version >= self.selection.roster_version:
            self.selection = selection

    def hear_deselected(self, leaving: Leaving) -> None:
        """Keep the latest version of the roster that dropped the person."""
        if self.deselected is None or (leaving.roster_version or 0) >= (self.deselected.roster_version or 0):
            self.deselected = leaving

    def hear_moved(self, kind: str, recorded_on: date, effective_on: date) -> None:
        """A change took effect on another day than was told (M-03); told twice, it is moved once."""
        self.changes = sorted(
            [
                replace(each, effective_on=effective_on)
                if (each.kind, each.effective_on) == (kind, recorded_on)
                else each
                for each in self.changes
            ],
            key=lambda each: (each.effective_on, each.cause),
        )

    def hear_changed(self, change: Change) -> None:
        """Keep each change once, by the day it takes effect."""
        others = [known for known in self.changes if known.cause != change.cause]
        self.changes = sorted([*others, change], key=lambda each: (each.effective_on, each.cause))

    def hear_result(self, result: Result) -> None:
        """Keep the last result; where two were told without a number, a pass of the same day wins over a fail."""
        order = (result.nth, result.on, result.passed)
        if self.result is None or order >= (self.result.nth, self.result.on, self.result.passed):
            self.result = result

    def hear_certificate(self, heard: Certificate) -> None:
        """Merge what is known of one certificate, in any order."""
        known = next((c for c in self.certificates if c.certificate == heard.certificate), heard)
        merged = Certificate(
            heard.certificate, heard.issued_on or known.issued_on, heard.revoked_on or known.revoked_on
        )
        others = [c for c in self.certificates if c.certificate != heard.certificate]
        self.certificates = sorted([*others, merged], key=lambda c: str(c.certificate))
