"""Result, appeal and correction as values, and the rules about persons: the right authority, four eyes, three parties."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from assessment.domain.assessing.evidence import Sheet
from assessment.domain.schemes.components import Outcome
from assessment.domain.schemes.scheme import Scheme
from shared.kernel.actor import Actor
from shared.kernel.refusals import Finding, Forbidden

Why = Literal["resit", "appeal", "correction"]


@dataclass(frozen=True, slots=True)
class Result:
    """A recorded result; ``score`` has two decimals."""

    outcome: Outcome
    grade: str
    score: Decimal
    recorded_by: str
    recorded_at: datetime

    def says(self, other: Result) -> bool:
        """True when both state the same outcome, grade and score."""
        return (self.outcome, self.grade, self.score) == (other.outcome, other.grade, other.score)


@dataclass(slots=True)
class Appeal:
    """An objection to the result; ``upheld`` is None until it is decided."""

    ground: str
    opened_by: str
    opened_at: datetime
    upheld: bool | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A confirmed result was found wrong; it counts once another person confirms it."""

    reason: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """A result that another one took the place of; it stays on record.

    Attributes:
        why: what followed it: a re-sit, an upheld appeal or a correction.
        sheets: the scores it rested on.
    """

    why: Why
    attempt: int
    result: Result
    confirmed_by: str | None
    confirmed_on: date | None
    sheets: dict[str, Sheet] = field(default_factory=dict)
    appeal: Appeal | None = None
    correction: Correction | None = None


def require_authority(scheme: Scheme, by: Actor, host: str = "") -> None:
    """Raises ``Forbidden``: ``wrong-authority`` unless ``by`` acts for the authority that assesses, ``host-is-assessor``
    when that is the host of the very person (C-01: assessor, issuer and host are three parties).
    """
    if by.organisation != scheme.authority:
        raise Forbidden("wrong-authority", "Only the assessing authority of the programme may do this.", rule="C-01")
    if host and host == by.organisation:
        raise Forbidden("host-is-assessor", "Who hosted the trainee cannot assess them.", rule="C-01")


def require_another_person(by: Actor, *others: str | None) -> None:
    """Raises ``Forbidden`` (``four-eyes``) when ``by`` is one of ``others``."""
    if by.subject in others:
        raise Forbidden("four-eyes", "You had a hand in this result; another person must do this.", rule="C-01")


def wrong_corrections(corrected: dict[str, Decimal], scheme: Scheme) -> list[Finding]:
    """What is wrong with the scores that an upheld appeal or a correction gives; empty when nothing is."""
    found = []
    if not corrected:
        found.append(Finding("nothing-corrected", "Name at least one corrected score.", "/scores"))
    for code, score in corrected.items():
        if scheme.component(code) is None:
            found.append(Finding("unknown-component", "The scheme has no such component.", f"/scores/{code}"))
        elif not scheme.scale.holds(score):
            found.append(Finding("off-scale", "The score is not on the scale of the scheme.", f"/scores/{code}"))
    return found


def months_after(start: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    year, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + year, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(start.day, (following - first).days))
