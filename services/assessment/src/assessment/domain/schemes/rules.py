"""What a scheme says besides scores: deferral, re-sit, appeal, correction, certificate, waiver, what follows later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from assessment.domain.schemes.components import Title
from shared.kernel.actor import Role


@dataclass(frozen=True, slots=True)
class DeferralRule:
    """Why and how often a decision may be put off; ``within_months`` is when it is due again, None: no day is set."""

    reasons: frozenset[str]
    at_most: int
    within_months: int | None = None


@dataclass(frozen=True, slots=True)
class ResitRule:
    """What may follow a confirmed fail (domain rules 1.7 no. 8; the sources are silent, the programme says).

    Attributes:
        at_most: number of re-sits.
        within_months: months after the confirmation in which a re-sit may begin.
        components: codes of what is taken again; everything else keeps its score.
        extensions_at_most: how often that time may be extended.
        extension_months: months that an extension adds.
        extension_reasons: coded reasons for one.
    """

    at_most: int
    within_months: int
    components: tuple[str, ...]
    extensions_at_most: int = 0
    extension_months: int = 0
    extension_reasons: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AppealGround:
    """A reason to appeal, who may give it, and for how many days; None means without limit."""

    code: str
    title: Title
    raised_by: frozenset[Role]
    within_days: int | None


CORRECTION_REASONS = frozenset({"recording-error", "evidence-false", "rule-misapplied"})
"""Why a confirmed result may be corrected where the programme lists no reasons of its own."""


@dataclass(frozen=True, slots=True)
class CertificateRule:
    """How certificates are numbered, how long they hold, and why they may end (C-02).

    ``number`` is a pattern with ``{session}`` and ``{serial}``; a check character is appended.
    """

    title: Title
    number: str
    serial_digits: int
    valid_years: int | None
    revocation_reasons: frozenset[str]
    reissue_reasons: frozenset[str]
    overturned_reason: str


@dataclass(frozen=True, slots=True)
class WaiverRule:
    """Which title levels there are, lowest first; a waiver is bound to the one above the holder's (C-03)."""

    levels: tuple[str, ...]

    def next_level(self, level: str) -> str | None:
        """The level above ``level``, or None at the top or for a level the scheme does not rank."""
        if level not in self.levels:
            return None
        position = self.levels.index(level) + 1
        return self.levels[position] if position < len(self.levels) else None


@dataclass(frozen=True, slots=True)
class Round:
    """One follow-up after the return: so many months after the last day of the term (C-04)."""

    code: str
    months: int


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """When returned trainees are followed up, and how many days a record may take once it is due (C-04)."""

    rounds: tuple[Round, ...] = ()
    within_days: int = 30


ACHIEVEMENT_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "paper": ("written", "published"),
        "patent": ("filed", "granted"),
        "award": ("received",),
        "project": ("applied", "approved", "completed"),
        "method": ("introduced",),
    }
)
"""The kinds of achievement and how far each can have come, where the programme names none of its own (D-06, C-07)."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How many days each office has; an office that is not named has no day set.

    ``days`` by duty: ``evaluate``, ``conduct``, ``record``, ``confirm``, ``decide``, ``issue``, ``verify``.
    """

    days: Mapping[str, int] = field(default_factory=dict)
