"""Reference data: code lists with labels in two languages, versions and days of validity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of a list.

    Attributes:
        since: version of the list in which the code came.
        until: version in which it was gone again, or None.
        valid_from: first day on which the code may be used, None for "always".
        valid_to: last such day, None for "still".
    """

    code: str
    zh: str
    en: str
    since: int = 1
    until: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def stands_in(self, version: int) -> bool:
        """True when the version of the list holds the code."""
        return self.since <= version and (self.until is None or version < self.until)


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list in all its versions; the newest is ``version``."""

    name: str
    zh: str
    en: str
    version: int
    source: str
    entries: tuple[Entry, ...]

    def of(self, version: int | None = None) -> tuple[Entry, ...]:
        """The entries of a version, the newest by default."""
        return tuple(entry for entry in self.entries if entry.stands_in(version or self.version))
