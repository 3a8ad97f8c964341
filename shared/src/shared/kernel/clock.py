"""The clock as a port: business time is handed in, so that a year can pass in a minute."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the time of the programme's calendar; tokens and leases never ask it."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Now by the machine's clock."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is set, for tests."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The time it was set to."""
        return self.at


class FileClock:
    """A clock that stands at the RFC 3339 instant written in a file; without the file it is the machine's clock.

    Only the single-machine deployment configures one, so that a demonstration or a test can live through a year.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = -1
        self._at: datetime | None = None

    def now(self) -> datetime:
        """The instant in the file, or the machine's time when there is no file."""
        try:
            stamp = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return datetime.now(UTC)
        if stamp != self._stamp or self._at is None:
            self._at = datetime.fromisoformat(self._path.read_text().strip()).astimezone(UTC)
            self._stamp = stamp
        return self._at
