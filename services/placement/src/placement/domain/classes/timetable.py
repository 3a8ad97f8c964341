"""Sessions of a class, and what must not happen in a timetable (K-02, K-03, K-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from uuid import UUID
from zoneinfo import ZoneInfo

from placement.domain.classes.rules import ClassRules
from placement.domain.classes.short_class import ShortClass
from shared.kernel.lifecycle import Aggregate
from shared.kernel.refusals import Finding

_PLACE = ZoneInfo("Asia/Shanghai")


@dataclass(kw_only=True)
class ClassSession(Aggregate):
    """One session. ``lecturers`` are codes, ``breakout`` the group that it is for; None means everybody."""

    class_id: UUID
    number: int
    kind: str
    topic_zh: str
    topic_en: str
    starts_at: datetime
    ends_at: datetime
    lecturers: list[str] = field(default_factory=list)
    breakout: int | None = None
    dropped: bool = False

    def meets(self, other: ClassSession) -> bool:
        """True when the two share a moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def timetable_findings(
    course: ShortClass, sessions: Sequence[ClassSession], rules: ClassRules, pointers: dict[int, str]
) -> list[Finding]:
    """Everything that is wrong with a timetable: kinds, days, groups, sessions and lecturers in two places at once.

    ``pointers`` leads from the number of a session to where the request speaks of it.
    """
    found: list[Finding] = []

    def say(session: ClassSession, code: str, detail: str, member: str, rule: str) -> None:
        found.append(Finding(code, detail, f"{pointers.get(session.number, '')}/{member}", rule))

    held = [session for session in sessions if not session.dropped]
    for session in held:
        if session.kind not in rules.session_kinds:
            say(session, "unknown-kind", f"Use one of: {', '.join(rules.session_kinds)}.", "kind", "K-06")
        if session.ends_at <= session.starts_at:
            say(session, "ends-before-start", "A session ends after it starts.", "ends_at", "K-06")
        first, last = (moment.astimezone(_PLACE).date() for moment in (session.starts_at, session.ends_at))
        if first < course.starts_on or last > course.ends_on:
            say(session, "outside-class", "The session is not within the days of the class.", "starts_at", "K-06")
        if session.breakout is not None and session.breakout > rules.groups:
            say(session, "unknown-group", f"The class has {rules.groups} groups.", "breakout", "K-03")
        if session.kind in rules.lectures and not session.lecturers:
            say(session, "lecturer-missing", "A lecture has a lecturer.", "lecturers", "K-02")
    for one, other in combinations(held, 2):
        if not one.meets(other):
            continue
        later = max(one, other, key=lambda session: session.number)
        apart = one.breakout is not None and other.breakout is not None and one.breakout != other.breakout
        if not apart:
            say(later, "sessions-overlap", "The same people are in another session then.", "starts_at", "K-06")
        if set(one.lecturers) & set(other.lecturers):
            say(later, "lecturer-twice", "A lecturer is in another session then.", "lecturers", "K-02")
    return found
