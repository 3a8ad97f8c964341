"""The client side of OpenID Connect: addresses by discovery, grants with authlib's shapes, ID and logout tokens checked."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp

from gateway.adapters.identity.jwks import Fetch, IssuerKeys
from gateway.adapters.identity.verification import LEEWAY, Refused, instant, unsealed
from gateway.adapters.refusals import UpstreamDown
from gateway.adapters.sessions.client_key import ClientKey

FRESH_SECONDS = 600.0
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

Post = Callable[[str, Mapping[str, str], str], Awaitable[tuple[int, Any]]]


class GrantRefused(Exception):
    """The provider gives no tokens for this code or refresh token; the message is its error code, for the log."""


@dataclass(frozen=True, slots=True)
class Registered:
    """How the provider knows the gateway as a client of browsers.

    Attributes:
        secret: empty for a client without one.
        key: private key (RFC 7523, ``private_key_jwt``), wins over a secret; with neither we are a public client, which
            has PKCE only.
        resource: RFC 8707 indicator, or empty.
        callback: redirect URI, exactly as registered.
        home: where the provider sends the browser after signing out there.
    """

    client: str
    secret: str
    scopes: str
    resource: str
    callback: str
    home: str
    key: ClientKey | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a grant gave; ``id_token`` and ``refresh`` may be empty."""

    access: str
    refresh: str
    id_token: str


class OidcClient:
    """Speaks to one provider.

    Args:
        issuer: exact issuer.
        registered: how it knows us.
        keys: its keys.
        fetch: GET of JSON.
        post: POST of a form; gives status and JSON.
        clock: Unix seconds.
    """

    def __init__(
        self, issuer: str, registered: Registered, keys: IssuerKeys, fetch: Fetch, post: Post,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self.registered = registered
        self._issuer = issuer
        self._keys = keys
        self._fetch = fetch
        self._post = post
        self._clock = clock
        self._found: tuple[float, dict[str, Any]] | None = None

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser signs in (RFC 6749, 4.1.1; RFC 7636 with S256)."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        own = self.registered
        more = {"resource": own.resource} if own.resource else {}
        challenge = create_s256_code_challenge(verifier)
        more |= {"nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256"}
        where = (await self._metadata())["authorization_endpoint"]
        return str(prepare_grant_uri(where, own.client, "code", own.callback, own.scopes, state, **more))

    async def redeem(self, code: str, verifier: str, issued_by: str | None) -> Tokens:
        """Tokens for a code. Raises ``GrantRefused``, also when another issuer answered (RFC 9207)."""
        promised = (await self._metadata()).get("authorization_response_iss_parameter_supported") is True
        if issued_by != self._issuer and (promised or issued_by is not None):
            raise GrantRefused("other issuer")
        return await self._grant(
            "authorization_code", code=code, code_verifier=verifier, redirect_uri=self.registered.callback
        )

    async def refresh(self, token: str) -> Tokens:
        """New tokens for a refresh token, which is spent by it. Raises ``GrantRefused``."""
        return await self._grant("refresh_token", refresh_token=token)

    async def revoke(self, token: str) -> None:
        """Tell the provider to forget a refresh token (RFC 7009), where it can be told."""
        where = (await self._metadata()).get("revocation_endpoint")
        if isinstance(where, str) and token:
            await self._send(where, urlencode({"token": token, "token_type_hint": "refresh_token"}))

    async def goodbye(self, id_token: str) -> str:
        """Where the browser goes to sign out at the provider as well; our own front page when it cannot."""
        where = (await self._metadata()).get("end_session_endpoint")
        if not isinstance(where, str) or not id_token:
            return self.registered.home
        told = {"id_token_hint": id_token, "post_logout_redirect_uri": self.registered.home}
        return f"{where}?{urlencode(told | {'client_id': self.registered.client})}"

    async def identity(self, token: str, nonce: str | None) -> dict[str, Any]:
        """The checked claims of an ID token (OpenID Connect Core, 3.1.3.7). Raises ``Refused`` and what parsing raises."""
        claims = await self._claims(token, frozenset({"jwt", ""}))
        expires = instant(claims, "exp")
        if expires is None or self._clock() >= expires + LEEWAY:
            raise Refused("id token expired")
        if nonce is not None and claims.get("nonce") != nonce:
            raise Refused("other nonce")
        if claims.get("azp", self.registered.client) != self.registered.client:
            raise Refused("id token for another party")
        return claims

    async def logout(self, token: str) -> tuple[str | None, str | None, datetime]:
        """Subject, session and time of a logout token (back-channel 2.6). Raises ``Refused`` and what parsing raises."""
        claims = await self._claims(token, frozenset({"logout+jwt"}))
        issued, expires = instant(claims, "iat"), instant(claims, "exp")
        subject, sid, events = claims.get("sub"), claims.get("sid"), claims.get("events")
        now = self._clock()
        if issued is None or issued > now + LEEWAY or expires is None or now >= expires + LEEWAY:
            raise Refused("logout token out of its time")
        if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict) or "nonce" in claims:
            raise Refused("no logout token")
        if not all(value is None or isinstance(value, str) for value in (subject, sid)) or not (subject or sid):
            raise Refused("a logout of nobody")
        return subject, sid, datetime.fromtimestamp(issued, UTC)

    async def _claims(self, token: str, types: frozenset[str]) -> dict[str, Any]:
        _, claims = await unsealed(self._keys, token, types)
        audience = claims.get("aud")
        if claims.get("iss") != self._issuer:
            raise Refused("other issuer")
        if self.registered.client not in (audience if isinstance(audience, list) else [audience]):
            raise Refused("other audience")
        return dict(claims)

    async def _grant(self, kind: str, **members: str) -> Tokens:
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        more = members | ({"resource": self.registered.resource} if self.registered.resource else {})
        status, found = await self._send(
            (await self._metadata())["token_endpoint"], prepare_token_request(kind, **more)
        )
        if status >= 500:
            raise _away()
        if status != 200 or not isinstance(found, dict) or str(found.get("token_type", "")).lower() != "bearer":
            raise GrantRefused(str(found.get("error")) if isinstance(found, dict) else f"status {status}")
        access, refresh, id_token = (found.get(name) or "" for name in ("access_token", "refresh_token", "id_token"))
        if not access or not all(isinstance(value, str) for value in (access, refresh, id_token)):
            raise GrantRefused("no access token")
        return Tokens(access, refresh, id_token)

    async def _send(self, where: str, form: str) -> tuple[int, Any]:
        """POST a form as our client: signed, with the secret in Basic, or only by name when we are a public client."""
        from authlib.oauth2.auth import ClientAuth

        own = self.registered
        if own.key is None:
            auth = ClientAuth(own.client, own.secret, "client_secret_basic" if own.secret else "none")
        else:
            auth = ClientAuth(own.client, "", own.key.method((await self._metadata())["token_endpoint"]))
        plain = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        where, headers, body = auth.prepare("POST", where, plain, form)
        try:
            return await self._post(where, headers, body)
        except (OSError, aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise _away() from error

    async def _metadata(self) -> dict[str, Any]:
        if self._found is None or self._clock() - self._found[0] > FRESH_SECONDS:
            try:
                found = await self._fetch(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
            except (OSError, aiohttp.ClientError, TimeoutError, ValueError) as error:
                if self._found is None:
                    raise _away() from error
                return self._found[1]
            if not isinstance(found, dict) or found.get("issuer") != self._issuer:
                raise _away()
            self._found = (self._clock(), found)
        return self._found[1]


def _away() -> UpstreamDown:
    return UpstreamDown("upstream-down", "The identity provider does not answer; try again shortly.", retry_after=5)


async def post_form(url: str, headers: Mapping[str, str], body: str) -> tuple[int, Any]:
    """POST within ten seconds, no redirect followed; status and JSON, None for an empty answer."""
    import orjson

    timeout = aiohttp.ClientTimeout(total=10.0)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(url, data=body, headers=headers, allow_redirects=False) as response,
    ):
        content = await response.content.read(256 * 1024)
        return response.status, orjson.loads(content) if content else None
