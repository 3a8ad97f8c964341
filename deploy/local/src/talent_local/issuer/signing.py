"""The issuer's key and the tokens it signs (ES256)."""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from talent_local.home import replace
from talent_local.issuer.seed import Person

ALGORITHM: Final = "ES256"
LIFETIME_SECONDS: Final = 3600


class Signer:
    """Signs access and ID tokens with a key that is drawn at the first start and kept.

    Args:
        key: path of the private JWK; written when it does not exist.
        issuer: value of `iss`, the origin under which the issuer is reached.
        audience: value of `aud` of access tokens: the gateway.
    """

    def __init__(self, key: Path, issuer: str, audience: str) -> None:
        self.issuer = issuer
        self.audience = audience
        if not key.exists():
            drawn = ECKey.generate_key("P-256", {"kid": f"issuer-{secrets.token_hex(4)}", "use": "sig"}, private=True)
            replace(key, json.dumps(drawn.as_dict(private=True)))
        self._key = ECKey.import_key(json.loads(key.read_text()))

    def published(self) -> dict[str, Any]:
        """The JWKS: public keys only."""
        return {"keys": [self._key.as_dict(private=False) | {"alg": ALGORITHM}]}

    def access_token(self, person: Person, client: str) -> str:
        """An access token (`typ: at+jwt`, RFC 9068) that speaks for `person` at the gateway for one hour."""
        claims = {
            "aud": self.audience,
            "client_id": client,
            "jti": secrets.token_urlsafe(16),
            "roles": [str(role) for role in person.roles],
            "organisation": person.organisation,
        }
        return self._sign("at+jwt", person, claims)

    def id_token(self, person: Person, client: str, nonce: str | None) -> str:
        """An ID token for the client that signed the person in."""
        claims: dict[str, Any] = {"aud": client, "preferred_username": person.username, "name": person.name_zh}
        return self._sign("JWT", person, claims | ({"nonce": nonce} if nonce else {}))

    def read(self, token: str) -> dict[str, Any] | None:
        """The claims of one of our live access tokens, or None."""
        try:
            decoded = jwt.decode(token, self._key, algorithms=[ALGORITHM])
        except (JoseError, ValueError):
            return None
        alive = decoded.claims.get("exp", 0) > time.time() and decoded.claims.get("iss") == self.issuer
        return decoded.claims if alive and decoded.header.get("typ") == "at+jwt" else None

    def _sign(self, kind: str, person: Person, claims: dict[str, Any]) -> str:
        now = int(time.time())
        standard = {"iss": self.issuer, "sub": person.subject, "iat": now, "nbf": now, "exp": now + LIFETIME_SECONDS}
        header = {"alg": ALGORITHM, "kid": str(self._key.kid), "typ": kind}
        return jwt.encode(header, standard | claims, self._key, algorithms=[ALGORITHM])
