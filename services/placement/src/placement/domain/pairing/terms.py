"""Lengths of terms: ``P1Y``, ``P18M`` counted on the calendar."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_TERM = re.compile(r"^P(?:(\d{1,2})Y)?(?:(\d{1,3})M)?$")


def months_of(term: str) -> int:
    """Whole months of a term. Raises ``ValueError`` for anything but years and months."""
    match = _TERM.match(term)
    years, months = (int(part or 0) for part in match.groups()) if match else (0, 0)
    if not years + months:
        raise ValueError(f"not a term in years and months: {term}")
    return years * 12 + months


def after(start: date, term: str) -> date:
    """The day one term after ``start``; the last of the month where it has no such day."""
    index = start.year * 12 + start.month - 1 + months_of(term)
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def last_day(start: date, term: str) -> date:
    """The last day of a term that begins on ``start``, both days counted."""
    return after(start, term) - timedelta(days=1)
