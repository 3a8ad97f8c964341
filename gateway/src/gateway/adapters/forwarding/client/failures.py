"""How a call over a connection fails."""

from __future__ import annotations


class Unreached(ConnectionError):
    """No connection came about, so nothing was sent."""


class Broken(ConnectionError):
    """The connection ended, or what came over it is no HTTP, before the answer was whole."""


class Silent(TimeoutError):
    """The service said nothing for longer than it may, or its answer did not pass in time."""
