"""Internal tokens: 60 seconds, one audience, Ed25519; made by the gateway or a service, verified by every service.

A key's id names its owner (``gateway-1``); a token whose issuer is not the owner of its key is refused. Only the
gateway may speak for people: a token of any other issuer carries the role ``service`` and nothing else.
"""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path
from typing import Any

from cachetools import TTLCache
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.kernel.actor import Actor, Role

ALGORITHM = "Ed25519"
LIFETIME_SECONDS = 60
LEEWAY_SECONDS = 5
TYPE = "internal+jwt"
GATEWAY = "gateway"
_LONGEST = 4096


class TokenRefused(Exception):
    """The token proves nothing; the reason goes to the log, never to the caller."""


class TokenSigner:
    """Signs internal tokens with one private key, which is read again when its file is replaced.

    Args:
        key: path of a private Ed25519 JWK whose ``kid`` is ``<issuer>-<n>``.
        issuer: name of the gateway or service that signs.

    Raises:
        ValueError: the key is another's.
    """

    def __init__(self, key: Path, issuer: str) -> None:
        self._path = key
        self._issuer = issuer
        self._stamp = -1
        self._load()

    def _load(self) -> None:
        stamp = self._path.stat().st_mtime_ns
        if stamp == self._stamp:
            return
        key = OKPKey.import_key(json.loads(self._path.read_text()))
        kid = str(key.kid)
        if kid.rpartition("-")[0] != self._issuer:
            raise ValueError(f"key {kid} does not belong to {self._issuer}")
        self._key, self._kid, self._stamp = key, kid, stamp

    def sign(self, actor: Actor, audience: str) -> str:
        """A token that lets ``audience`` see ``actor`` for the next 60 seconds."""
        self._load()
        now = int(time.time())
        claims = {
            "iss": self._issuer,
            "aud": audience,
            "sub": actor.subject,
            "org": actor.organisation,
            "roles": sorted(actor.roles),
            "purpose": actor.purpose,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "jti": secrets.token_urlsafe(12),
        }
        header = {"alg": ALGORITHM, "kid": self._kid, "typ": TYPE}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


class TokenVerifier:
    """Verifies internal tokens for one audience.

    Args:
        keys: path of the JWKS file with all public keys; read again when it changes. A key with ``"retired": true``
            still tells what was signed on documents and checkpoints, but no token.
        audience: name of this service.
    """

    def __init__(self, keys: Path, audience: str) -> None:
        self._path = keys
        self._audience = audience
        self._stamp = -1
        self._set = KeySet([])
        self._seen: TTLCache[str, tuple[float, Actor]] = TTLCache(maxsize=4096, ttl=LIFETIME_SECONDS)

    def verify(self, token: str) -> Actor:
        """The actor a token speaks for.

        Raises:
            TokenRefused: forged, stale, for another audience, of the wrong type or malformed.
        """
        known = self._seen.get(token)
        if known is not None and known[0] > time.time():
            return known[1]
        if len(token) > _LONGEST:
            raise TokenRefused("too long")
        try:
            header = jws.extract_compact(token.encode()).headers()
            if header.get("typ") != TYPE or header.get("alg") != ALGORITHM:
                raise TokenRefused("wrong type or algorithm")
            claims = jwt.decode(token, self._keys(), algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise TokenRefused(type(error).__name__) from error
        actor = self._read(claims, str(header.get("kid")))
        self._seen[token] = (float(claims["exp"]), actor)
        return actor

    def _keys(self) -> KeySet:
        stamp = self._path.stat().st_mtime_ns
        if stamp != self._stamp:
            published = json.loads(self._path.read_text())["keys"]
            self._set = KeySet.import_key_set({"keys": [key for key in published if key.get("retired") is not True]})
            self._stamp = stamp
        return self._set

    def _read(self, claims: dict[str, Any], kid: str) -> Actor:
        now = time.time()
        issuer, expires, subject = claims.get("iss"), claims.get("exp"), claims.get("sub")
        if claims.get("aud") != self._audience:
            raise TokenRefused("other audience")
        if not isinstance(issuer, str) or kid.rpartition("-")[0] != issuer:
            raise TokenRefused("issuer does not own the key")
        if isinstance(expires, bool) or not isinstance(expires, int) or not now - LEEWAY_SECONDS < expires:
            raise TokenRefused("expired")
        if expires > now + LIFETIME_SECONDS + LEEWAY_SECONDS:
            raise TokenRefused("lives too long")
        if not isinstance(subject, str) or not subject:
            raise TokenRefused("no subject")
        if issuer != GATEWAY:
            return Actor(f"service:{issuer}", "", frozenset({Role.SERVICE}), claims.get("purpose"))
        try:
            roles = frozenset(Role(role) for role in claims.get("roles", ()))
        except ValueError as error:
            raise TokenRefused("unknown role") from error
        if roles & {Role.SYSTEM, Role.SERVICE}:
            raise TokenRefused("a person cannot be the system")
        return Actor(subject, str(claims.get("org") or ""), roles, claims.get("purpose"))
