"""What the head fields of a request come to, whatever its path: who sends it, and what of it goes on to a service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from gateway.adapters.forwarding import headers as crossing
from gateway.adapters.forwarding.client.wire import Header, lines_of
from gateway.adapters.identity.exchange import Issued
from gateway.adapters.identity.verification import Caller

SENDER: Final = "talent.sender"
"""Member of the scope that holds the ``Sender``, also when another request with the same fields was its first."""


@dataclass(slots=True)
class Sender:
    """Kept with a connection, so that a client that says the same fields again is not read again.

    Attributes:
        caller: verified; whether that still holds is asked for every request.
        lines: the fields that go on, as they are sent.
        tokens: the internal token by service, as lines, until they are to be renewed.
    """

    caller: Caller
    lines: bytes
    tokens: dict[str, Issued] = field(default_factory=dict)

    def token(self, service: str, now: float, issue: Callable[[Caller, str], Issued]) -> str:
        """The internal token for a service; ``now`` as ``issue`` counts."""
        issued = self.tokens.get(service)
        if issued is None or now >= issued.until:
            issued = self.tokens[service] = issue(self.caller, service)
        return issued.token


def sender_of(headers: list[Header], caller: Caller) -> Sender:
    """The sender of a request. Raises what ``headers.check`` and ``lines_of`` raise."""
    crossing.check(headers)
    return Sender(caller, lines_of(crossing.passing(headers)))
