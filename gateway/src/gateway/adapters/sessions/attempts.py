"""A sign-in under way: kept sealed in a cookie of the browser that began it, so that nobody can fill our tables."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import orjson

from shared.kernel.refusals import Malformed
from shared.vault import SealBroken, Vault

LASTS = timedelta(minutes=10)
_OWNER, _PLACE = "browser", "cookie|sign-in|attempt"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the browser must bring back (RFC 9700, 4.7): state, nonce, PKCE verifier, and where it wanted to go."""

    state: str
    nonce: str
    verifier: str
    goal: str
    until: str

    @classmethod
    def begin(cls, goal: str, now: datetime) -> Attempt:
        """A fresh attempt."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, goal, (now + LASTS).isoformat())

    def sealed(self, vault: Vault) -> str:
        """The value of the cookie."""
        key = vault.new_key(_OWNER)
        return f"{key.hex()}.{vault.seal(key, _OWNER, _PLACE, orjson.dumps(asdict(self)).decode()).hex()}"

    @classmethod
    def opened(cls, cookie: str | None, vault: Vault, now: datetime) -> Attempt | None:
        """The attempt in a cookie, or None when we never sealed it or it is over."""
        key, _, content = (cookie or "").partition(".")
        try:
            found = cls(**orjson.loads(vault.open(bytes.fromhex(key), _OWNER, _PLACE, bytes.fromhex(content))))
        except (SealBroken, ValueError, TypeError, IndexError):
            return None
        return found if datetime.fromisoformat(found.until) > now else None


def checked_goal(goal: str) -> str:
    """Where to go after signing in: a path of this origin.

    Raises:
        Malformed: ``bad-return``: anything that a browser could take for another origin.
    """
    where = urlsplit(goal)
    plain = goal.isascii() and goal.isprintable() and "\\" not in goal and len(goal) <= 1000 and " " not in goal
    if not plain or not goal.startswith("/") or goal.startswith("//") or where.scheme or where.netloc:
        raise Malformed("bad-return", "return must be a path of this site, like /journeys.")
    return goal
