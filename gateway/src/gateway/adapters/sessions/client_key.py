"""The key by which the provider knows us as its client: an assertion signed anew for every request (RFC 7523)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME = 60
"""Seconds."""


@dataclass(frozen=True, slots=True)
class ClientKey:
    """A private key: P-256 (ES256) or Ed25519 (EdDSA).

    Attributes:
        algorithm: of its signatures.
        key: as joserfc holds it.
    """

    algorithm: str
    key: Any

    @classmethod
    def read(cls, path: Path) -> Self:
        """The key in a PEM file. Raises ``ValueError`` when it is another kind of key, or none."""
        from joserfc.errors import JoseError
        from joserfc.jwk import ECKey, OKPKey

        content = path.read_text()
        for kind, algorithm, curve in ((ECKey, "ES256", "P-256"), (OKPKey, "EdDSA", "Ed25519")):
            try:
                key = kind.import_key(content)
            except (ValueError, TypeError, JoseError):
                continue
            if key.curve_name == curve and key.is_private:
                return cls(algorithm, key)
        raise ValueError("GATEWAY_OIDC_CLIENT_KEY must be a private key in PEM, P-256 or Ed25519")

    def method(self, audience: str) -> Callable[..., tuple[str, Any, str]]:
        """For authlib's ``ClientAuth``: adds an assertion for ``audience`` to a form."""
        from authlib.common.urls import add_params_to_qs
        from joserfc import jwt

        def signed(auth: Any, method: str, uri: str, headers: Any, body: str) -> tuple[str, Any, str]:
            del method
            now = int(time.time())
            claims = {
                "iss": auth.client_id, "sub": auth.client_id, "aud": audience, "jti": str(uuid4()), "iat": now,
                "exp": now + LIFETIME,
            }  # fmt: skip
            header = {"alg": self.algorithm, "typ": "JWT"}
            assertion = jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
            added = [
                ("client_id", auth.client_id),
                ("client_assertion_type", ASSERTION),
                ("client_assertion", assertion),
            ]
            return uri, headers, str(add_params_to_qs(body or "", added))

        return signed
