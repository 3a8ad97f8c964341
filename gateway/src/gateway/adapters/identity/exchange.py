"""The exchange: a verified caller in, a sixty-second token for one service out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from cachetools import LRUCache

from gateway.adapters.forwarding.headers import Headers, one
from gateway.adapters.identity.verification import Caller, Verifier
from gateway.adapters.sessions.sessions import Sessions
from shared.kernel.actor import Actor
from shared.kernel.refusals import Malformed

REUSED_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Issued:
    """An internal token, to be used ``until`` (as ``Exchange.clock`` counts)."""

    token: str
    until: float


class Signer(Protocol):
    """Signs internal tokens, see ``shared.identity.tokens.TokenSigner``."""

    def sign(self, actor: Actor, audience: str) -> str:
        """A token for ``audience`` that lives sixty seconds."""
        ...


class Exchange:
    """Verifies callers and speaks for them to the services.

    Args:
        verifier: verifies the caller's token.
        signer: signs in the gateway's name.
        purposes: the purpose codes that ``X-Purpose`` may name.
        clock: monotonic seconds.
        sessions: sessions of browsers, where there are any.

    Attributes:
        clock: as given.
    """

    def __init__(
        self,
        verifier: Verifier,
        signer: Signer,
        purposes: frozenset[str],
        clock: Callable[[], float] = time.monotonic,
        sessions: Sessions | None = None,
    ) -> None:
        self._sessions = sessions
        self._verifier = verifier
        self._signer = signer
        self._purposes = purposes
        self.clock = clock
        self._issued: LRUCache[tuple[bytes, str, str | None], Issued] = LRUCache(20_000)

    def names_caller(self, headers: Headers) -> bool:
        """True when a request brings a token, or the cookie of a session."""
        if one(headers, b"authorization") is not None:
            return True
        sessions = self._sessions
        return sessions is not None and sessions.cookies.read(headers, sessions.cookies.session) is not None

    async def caller(self, headers: Headers, method: str = "GET") -> Caller:
        """The verified caller of a request: by its token, or by the cookie of a browser when it brings no token.

        Raises:
            Unauthenticated, Malformed, UpstreamDown: who it is cannot be told.
            Forbidden: ``csrf-refused`` for a change by cookie that does not prove where it comes from.
        """
        caller = None
        if self._sessions is not None and one(headers, b"authorization") is None:
            caller = await self._sessions.present(headers, method)
        if caller is None:
            caller = await self._verifier.verify(one(headers, b"authorization"))
        return self._purposed(caller, headers)

    def known(self, headers: Headers) -> Caller | None:
        """What ``caller`` gives, when nothing has to be looked up and nothing is refused; None says nothing."""
        authorization = one(headers, b"authorization")
        caller = None if authorization is None else self._verifier.known(authorization)
        try:
            return None if caller is None else self._purposed(caller, headers)
        except Malformed:
            return None

    def holds(self, caller: Caller) -> bool:
        """True while ``known`` gives a caller that it gave before for the same fields."""
        return self._verifier.holds(caller)

    def _purposed(self, caller: Caller, headers: Headers) -> Caller:
        purpose = one(headers, b"x-purpose")
        if purpose is None:
            return caller
        if purpose not in self._purposes:
            raise Malformed(
                "bad-purpose", "X-Purpose must be one of the published purpose codes.", allowed=sorted(self._purposes)
            )
        return replace(caller, actor=replace(caller.actor, purpose=purpose))

    def token(self, caller: Caller, service: str) -> str:
        """The internal token of a caller; it is used for at most half of its life."""
        return self.issued(caller, service).token

    def issued(self, caller: Caller, service: str) -> Issued:
        """``token``, and how long it may be used."""
        key, now = (caller.token, service, caller.actor.purpose), self.clock()
        found = self._issued.get(key)
        if found is None or now >= found.until:
            found = self._issued[key] = Issued(self._signer.sign(caller.actor, service), now + REUSED_SECONDS)
        return found
