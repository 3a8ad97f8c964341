"""Result and appeal as values, and the two rules about persons: the right authority and four eyes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from assessment.domain.schemes.scheme import Outcome, Scheme
from shared.kernel.actor import Actor
from shared.kernel.refusals import Finding, Forbidden


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


def require_authority(scheme: Scheme, by: Actor) -> None:
    """Raises ``Forbidden`` (``wrong-authority``) unless ``by`` acts for the authority that assesses (C-01)."""
    if by.organisation != scheme.authority:
        raise Forbidden("wrong-authority", "Only the assessing authority of the programme may do this.", rule="C-01")


def require_another_person(by: Actor, *others: str | None) -> None:
    """Raises ``Forbidden`` (``four-eyes``) when ``by`` is one of ``others``."""
    if by.subject in others:
        raise Forbidden("four-eyes", "You had a hand in this result; another person must do this.", rule="C-01")


def wrong_corrections(corrected: dict[str, Decimal], scheme: Scheme) -> list[Finding]:
    """What is wrong with the scores that an upheld appeal corrects; empty when nothing is."""
    found = []
    if not corrected:
        found.append(Finding("nothing-corrected", "An upheld appeal names at least one corrected score.", "/scores"))
    for code, score in corrected.items():
        if scheme.component(code) is None:
            found.append(Finding("unknown-component", "The scheme has no such component.", f"/scores/{code}"))
        elif not scheme.scale.holds(score):
            found.append(Finding("off-scale", "The score is not on the scale of the scheme.", f"/scores/{code}"))
    return found
