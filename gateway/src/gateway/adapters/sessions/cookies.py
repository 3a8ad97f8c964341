"""The two cookies: their names, how they are set, and the proof that a request comes from our own pages."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from gateway.adapters.forwarding.headers import Headers, one
from shared.kernel.refusals import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = b"x-csrf-token"


class Cookies:
    """Names and attributes of the cookies of one origin.

    Behind https they carry the prefix ``__Host-`` (Secure, Path=/, no Domain). On plain http, which is allowed on the
    loopback interface only, browsers would not take that name: there they are ``talent-session`` and
    ``talent-sign-in``.

    Args:
        public_url: origin under which browsers reach the gateway.

    Raises:
        ValueError: no origin, or plain http elsewhere than on the loopback interface.
    """

    def __init__(self, public_url: str) -> None:
        where = urlsplit(public_url)
        self._secure = where.scheme == "https"
        if not where.netloc or not (self._secure or where.hostname in {"127.0.0.1", "localhost", "::1"}):
            raise ValueError("sessions of browsers need GATEWAY_PUBLIC_URL with https (http on the loopback only)")
        self.origin = f"{where.scheme}://{where.netloc}"
        prefix = "__Host-" if self._secure else ""
        self.session, self.attempt = f"{prefix}talent-session", f"{prefix}talent-sign-in"

    def read(self, headers: Headers, name: str) -> str | None:
        """The value of a cookie; None when it is not there, or there twice and nobody can tell which is ours."""
        found = [
            value.strip()
            for key, line in headers
            if key == b"cookie"
            for part in line.decode("latin-1").split(";")
            for given, _, value in (part.partition("="),)
            if given.strip() == name
        ]
        return found[0] if len(found) == 1 and 0 < len(found[0]) <= 4096 else None

    def set(self, name: str, value: str, seconds: int) -> str:
        """A ``Set-Cookie`` line; zero seconds take the cookie away."""
        secure = "; Secure" if self._secure else ""
        return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"

    def check(self, headers: Headers, method: str, cookie: str) -> None:
        """Refuse a change that does not prove to come from our own pages.

        Raises:
            Forbidden: ``csrf-refused``: ``Origin`` is not ours, or ``X-CSRF-Token`` does not belong to the session.
        """
        if method in SAFE:
            return
        given = one(headers, CSRF_HEADER) or ""
        if one(headers, b"origin") != self.origin or not hmac.compare_digest(
            given.encode("latin-1", "replace"), csrf_token(cookie).encode()
        ):
            raise Forbidden(
                "csrf-refused", "Send X-CSRF-Token as GET /v1/session gives it, from a page of this origin."
            )


def csrf_token(cookie: str) -> str:
    """The token that belongs to a session; who reads it cannot find the cookie from it."""
    return hmac.digest(cookie.encode(), b"talent csrf token", "sha256").hex()
