"""Verification of access tokens: strict about type, algorithm, key, issuer, audience and time; silent about why."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from gateway.adapters.identity.claims import ClaimsMapping
from gateway.adapters.identity.jwks import IssuerKeys
from gateway.adapters.identity.segments import members, segment
from shared.http.problems import Unauthenticated
from shared.kernel.actor import Actor
from shared.logs import logger

ALGORITHMS: Mapping[str, type] = {"RS256": RSAKey, "ES256": ECKey, "EdDSA": OKPKey, "Ed25519": OKPKey}
"""The allow-list, each algorithm with the one kind of key it may be used with."""

FORBIDDEN_HEADERS = frozenset({"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc"})
LONGEST = 8 * 1024
LEEWAY = 30.0
LONGEST_LIFE = 24 * 3600.0
"""Seconds that an access token may still have; a provider that gives longer ones is not set up as it should be."""
OURS = ("system:", "service:")
"""Beginnings of subjects that only the platform itself has."""

_log = logger("identity")


class Refused(Exception):
    """Why a token is not accepted; for the log only."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified caller.

    Attributes:
        actor: who it is.
        token: SHA-256 of the token, to key caches with.
        expires: Unix time at which the token ends.
        key: id of the key that it is signed with.
    """

    actor: Actor
    token: bytes
    expires: float
    key: str = ""


class Verifier:
    """Turns bearer tokens into callers.

    Args:
        keys: keys of the issuer.
        issuer: exact ``iss``.
        audience: must be among ``aud``.
        mapping: where roles and organisation stand.
        types: accepted ``typ`` headers, lower case; RFC 9068 says ``at+jwt``.
        clock: Unix seconds of the machine, never the business clock.
    """

    def __init__(
        self,
        keys: IssuerKeys,
        *,
        issuer: str,
        audience: str,
        mapping: ClaimsMapping,
        types: frozenset[str] = frozenset({"at+jwt", "application/at+jwt"}),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._mapping = mapping
        self._types = types
        self._clock = clock
        self._verified: LRUCache[bytes, Caller] = LRUCache(maxsize=20_000)

    async def verify(self, authorization: str | None) -> Caller:
        """The caller of an Authorization header.

        Raises:
            Unauthenticated: for whatever reason.
            UpstreamDown: the issuer's keys cannot be had.
        """
        try:
            return await self._verify(authorization)
        except (Refused, JoseError, ValueError, KeyError, TypeError, RecursionError) as error:
            reason = str(error) if isinstance(error, Refused) else type(error).__name__
            _log.info("token refused", reason=reason)
            raise Unauthenticated(
                "unauthenticated", "Send a valid access token as 'Authorization: Bearer …'."
            ) from None

    async def _verify(self, authorization: str | None) -> Caller:
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST or not token.isascii():
            raise Refused("no bearer token of acceptable size")
        digest = hashlib.sha256(token.encode()).digest()
        known = self._known(digest)
        if known is not None:
            return known
        kid, claims = await unsealed(self._keys, token, self._types)
        expires = self._check(claims)
        caller = self._verified[digest] = Caller(self._mapping.actor(claims), digest, expires, kid)
        return caller

    def known(self, authorization: str) -> Caller | None:
        """What ``verify`` gives, for a token that was verified before; None says nothing about it."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.isascii():
            return None
        return self._known(hashlib.sha256(token.encode()).digest())

    def _known(self, digest: bytes) -> Caller | None:
        known = self._verified.get(digest)
        return known if known is not None and self.holds(known) else None

    def holds(self, caller: Caller) -> bool:
        """True while the token of a caller that was verified before is accepted."""
        return caller.expires > self._clock() and self._keys.holds(caller.key)

    def _check(self, claims: Mapping[str, Any]) -> float:
        """Check the registered claims; the answer is ``exp``."""
        now = self._clock()
        if claims.get("iss") != self._issuer:
            raise Refused("other issuer")
        audience = claims.get("aud")
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise Refused("other audience")
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
            raise Refused("no subject")
        if subject.startswith(OURS):
            raise Refused("a subject of the platform itself")
        expires = instant(claims, "exp")
        if expires is None or now >= expires + LEEWAY:
            raise Refused("expired or without end")
        if expires > now + LONGEST_LIFE:
            raise Refused("lives too long")
        for name in ("nbf", "iat"):
            since = instant(claims, name)
            if since is not None and since > now + LEEWAY:
                raise Refused(f"{name} lies ahead")
        return expires


async def unsealed(keys: IssuerKeys, token: str, types: frozenset[str]) -> tuple[str, Mapping[str, Any]]:
    """Key id and claims of a token whose signature holds; ``""`` among ``types`` allows a token without ``typ``.

    Raises:
        Refused, JoseError, ValueError, KeyError, TypeError, RecursionError: it does not hold.
        UpstreamDown: the issuer's keys cannot be had.
    """
    kid, algorithm = _header(token, types)
    key = await keys.get(kid)
    if key is None:
        raise Refused("unknown key")
    if not isinstance(key, ALGORITHMS[algorithm]):
        raise Refused("algorithm does not fit the key")
    return kid, jwt.decode(token, key, algorithms=[algorithm]).claims


def _header(token: str, types: frozenset[str]) -> tuple[str, str]:
    """``kid`` and ``alg`` of a token whose header has nothing that we do not want."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > LONGEST:
        raise Refused("not a compact JWS")
    header = members(segment(parts[0]))
    members(segment(parts[1]))
    segment(parts[2])
    if FORBIDDEN_HEADERS & header.keys():
        raise Refused("header carries keys, extensions or compression")
    kid, algorithm, kind = header.get("kid"), header.get("alg"), header.get("typ", "")
    if algorithm not in ALGORITHMS:
        raise Refused("algorithm not allowed")
    if not isinstance(kind, str) or kind.lower() not in types:
        raise Refused("wrong type")
    if not isinstance(kid, str) or not 0 < len(kid) <= 200:
        raise Refused("no key id")
    return kid, str(algorithm)


def instant(claims: Mapping[str, Any], name: str) -> float | None:
    """A NumericDate, or None when absent. Raises ``Refused`` for anything that is no finite number."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise Refused(f"{name} is no number")
    return float(value)
