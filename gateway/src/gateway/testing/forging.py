"""An issuer with every kind of key, and somebody who forges its tokens."""

from __future__ import annotations

import base64
import json
import time
import warnings
from functools import cache
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from gateway.testing.upstream import AUDIENCE, KEY

Key = ECKey | RSAKey | OKPKey
ROLES = ("agency", "ministry_officer", "auditor", "operator")
"""Roles that may read the feed, so that a forged token would show what it gains."""


@cache
def keys() -> dict[str, Key]:
    """Keys of the issuer by ``kid``, and ``stranger``, which nobody published, under the id of a published one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a short RSA key is what is wanted
        weak = RSAKey.generate_key(1024, {"kid": "weak"})
    return {
        "issuer-1": KEY,
        "rsa": RSAKey.generate_key(2048, {"kid": "rsa"}),
        "ed": OKPKey.generate_key("Ed25519", {"kid": "ed"}),
        "weak": weak,
        "p384": ECKey.generate_key("P-384", {"kid": "p384"}),
        "ed448": OKPKey.generate_key("Ed448", {"kid": "ed448"}),
        "enc": ECKey.generate_key("P-256", {"kid": "enc"}),
        "stranger": ECKey.generate_key("P-256", {"kid": "issuer-1"}),
    }


def published() -> list[dict[str, Any]]:
    """The JWKS of the issuer: also keys that nobody should use for a token of this gateway."""
    found = []
    for name, key in keys().items():
        if name != "stranger":
            found.append({**key.as_dict(private=False), "kid": name, "use": "enc" if name == "enc" else "sig"})
    return found


class Forge:
    """Makes tokens by hand, so that every part of them can be wrong.

    Args:
        issuer: whose tokens are forged.
    """

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Claims of a good token; a change to None takes a claim away."""
        now = int(time.time())
        good = {
            "iss": self.issuer, "aud": AUDIENCE, "sub": "acc-forger", "iat": now, "exp": now + 300, "organisation": "cn",
            "client_id": "spa", "jti": "1", "realm_access": {"roles": list(ROLES)},
        }  # fmt: skip
        return {name: value for name, value in (good | changes).items() if value is not None}

    def token(
        self, *, key: str = "issuer-1", alg: str = "ES256", head: dict[str, Any] | None = None, **changes: Any
    ) -> str:
        """A token that is signed for real; ``head`` changes the header, None takes a member away."""
        return self.signed(self.claims(**changes), key=key, alg=alg, head=head)

    def signed(
        self, payload: Any, *, key: str = "issuer-1", alg: str = "ES256", head: dict[str, Any] | None = None
    ) -> str:
        """Any payload, text or claims, signed for real, also by an algorithm that nobody should use."""
        header = self.head(alg=alg, kid=keys()[key].kid) | (head or {})
        header = {name: value for name, value in header.items() if value is not None}
        text = payload if isinstance(payload, str) else json.dumps(payload)
        signing = f"{b64(header)}.{b64(text.encode())}"
        return f"{signing}.{b64(jws.JWSRegistry.algorithms[alg].sign(signing.encode(), keys()[key]))}"

    def head(self, **changes: Any) -> dict[str, Any]:
        """The header of a good token."""
        return {"alg": "ES256", "kid": "issuer-1", "typ": "at+jwt"} | changes

    def raw(self, head: Any, payload: Any, signature: bytes | str = b"") -> str:
        """A token put together from parts, whatever they are."""
        last = signature if isinstance(signature, str) else b64(signature)
        return f"{b64(head)}.{b64(payload)}.{last}"

    def resigned(self, head: str | bytes, payload: str | bytes) -> str:
        """Parts given as text, with a signature of the issuer over exactly them."""
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        signing = f"{b64(_bytes(head))}.{b64(_bytes(payload))}"
        r, s = decode_dss_signature(self.der(signing))
        return f"{signing}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def der(self, signing: str) -> bytes:
        """The issuer's ES256 signature in the encoding of X.509 instead of JOSE."""
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.hashes import SHA256

        private = KEY.private_key
        assert isinstance(private, EllipticCurvePrivateKey)
        return private.sign(signing.encode(), ECDSA(SHA256()))


def b64(value: Any) -> str:
    """Base64url without padding of bytes, or of anything as JSON."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
