"""The issuer's keys: found by OIDC discovery, cached, refreshed sparingly, kept when the issuer is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from joserfc.util import urlsafe_b64decode

from gateway.adapters.refusals import UpstreamDown
from shared.logs import logger

PublicKey = ECKey | RSAKey | OKPKey
Fetch = Callable[[str], Awaitable[Any]]

FRESH_SECONDS = 600.0
STALE_SECONDS = 24 * 3600.0
REFRESH_SECONDS = 60.0
MIN_RSA_BITS = 2048
CURVES = {"EC": "P-256", "OKP": "Ed25519"}
"""The one curve of each kind of key that an allowed algorithm uses."""

_log = logger("identity")


class IssuerKeys:
    """Public keys of one issuer by ``kid``.

    Args:
        issuer: the configured issuer; discovery must name exactly this one.
        fetch: GET of a JSON document; raises ``OSError``, ``aiohttp.ClientError``, ``TimeoutError`` or ``ValueError``.
        clock: monotonic seconds.
    """

    def __init__(self, issuer: str, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, PublicKey] = {}
        self._loaded_at: float | None = None
        self._tried_at: float | None = None
        self._lock = asyncio.Lock()

    async def get(self, kid: str) -> PublicKey | None:
        """The key, or None when the issuer has no such key.

        An unknown ``kid`` asks the issuer again at most once a minute; until then the answer stays None. When the
        issuer is away, keys are used for a day beyond their age.

        Raises:
            UpstreamDown: no keys were ever loaded, or they are too old, and the issuer is away.
        """
        if self._age() > FRESH_SECONDS or kid not in self._keys:
            await self._refresh(kid)
        if self._age() > STALE_SECONDS:
            raise UpstreamDown(
                "upstream-down", "The identity provider does not answer; try again shortly.", retry_after=5
            )
        return self._keys.get(kid)

    def holds(self, kid: str) -> bool:
        """True while the key is among those last seen."""
        return kid in self._keys

    def _age(self) -> float:
        return float("inf") if self._loaded_at is None else self._clock() - self._loaded_at

    def _may_try(self) -> bool:
        pause = REFRESH_SECONDS if self._loaded_at is not None else 1.0
        return self._tried_at is None or self._clock() - self._tried_at >= pause

    async def _refresh(self, kid: str) -> None:
        async with self._lock:
            if not self._may_try() or (kid in self._keys and self._age() <= FRESH_SECONDS):
                return
            self._tried_at = self._clock()
            try:
                discovery = await self._fetch(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
                self._keys = read_keys(await self._fetch(_jwks_uri(discovery, self._issuer)))
                self._loaded_at = self._clock()
            except (OSError, aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
                _log.warning("issuer keys not refreshed", reason=type(error).__name__)


def _jwks_uri(discovery: Any, issuer: str) -> str:
    """Where the keys are. Raises ``ValueError`` when the document speaks for another issuer."""
    if discovery["issuer"] != issuer:
        raise ValueError("discovery names another issuer")
    return str(discovery["jwks_uri"])


def read_keys(document: Any) -> dict[str, PublicKey]:
    """Signature keys of a JWKS by ``kid``; keys of other kinds, without ``kid`` or too weak are left out."""
    found: dict[str, PublicKey] = {}
    for raw in document["keys"]:
        kind = raw.get("kty")
        fits = kind == "RSA" or (kind in CURVES and raw.get("crv") == CURVES[kind])
        fits = fits and raw.get("use", "sig") == "sig"
        if not fits or not isinstance(raw.get("kid"), str):
            continue
        try:
            if raw["kty"] == "RSA" and _bits(raw["n"]) < MIN_RSA_BITS:
                continue
            (key,) = KeySet.import_key_set({"keys": [raw]}).keys
        except (JoseError, ValueError, KeyError, TypeError):
            continue
        if isinstance(key, (ECKey, RSAKey, OKPKey)):
            found[raw["kid"]] = key
    return found


def _bits(number: str) -> int:
    return int.from_bytes(urlsafe_b64decode(number.encode()), "big").bit_length()


async def fetch_json(url: str, most: int = 256 * 1024) -> Any:
    """GET a JSON document of at most ``most`` bytes within five seconds, without following redirects.

    Raises:
        aiohttp.ClientError, TimeoutError: no answer.
        ValueError: an answer that is not 200, too large or no JSON.
    """
    timeout = aiohttp.ClientTimeout(total=5.0)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.get(url, allow_redirects=False, headers={"accept": "application/json"}) as response,
    ):
        if response.status != 200:
            raise ValueError(f"status {response.status}")
        body = b""
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > most:
                raise ValueError("document too large")
        return orjson.loads(body)
