"""Signatures of Standard Webhooks: ``v1`` (HMAC-SHA256 with the subscription's secret), ``v1a`` (ed25519 of the gateway)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.vault import Vault

SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix that the specification gives
PUBLIC_PREFIX = "whpk_"
SECRET_BYTES = 32


class Signer:
    """Makes the signature header.

    Args:
        private: 32 bytes of an ed25519 key.
    """

    def __init__(self, private: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self._public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @classmethod
    def of(cls, signing_key: Path) -> Signer:
        """The signer whose key derives from the gateway's own key, so that every process of it has the same one."""
        jwk = json.loads(signing_key.read_text())
        private = base64.urlsafe_b64decode(jwk["d"] + "=" * (-len(jwk["d"]) % 4))
        return cls(hmac.digest(private, b"talent-webhooks-v1a", hashlib.sha256))

    @property
    def public(self) -> str:
        """The public key as ``whpk_…``."""
        return PUBLIC_PREFIX + base64.b64encode(self._public).decode()

    def jwk(self) -> dict[str, Any]:
        """The public key as a JWK; ``whpk`` is the same key in the form of Standard Webhooks."""
        x = base64.urlsafe_b64encode(self._public).decode().rstrip("=")
        thumbprint = hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest()
        kid = base64.urlsafe_b64encode(thumbprint).decode().rstrip("=")
        return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x, "whpk": self.public}

    def headers(self, message: str, timestamp: int, body: bytes, secrets: Iterable[bytes]) -> dict[str, str]:
        """The three headers of a delivery.

        Args:
            message: id that stays the same over retries.
            timestamp: of this attempt, seconds since 1970.
            body: exactly what is sent.
            secrets: raw secrets that sign; several while one replaces another.
        """
        signed = f"{message}.{timestamp}.".encode() + body
        marks = ["v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode() for secret in secrets]
        marks.append("v1a," + base64.b64encode(self._key.sign(signed)).decode())
        return {
            "webhook-id": message, "webhook-timestamp": str(timestamp), "webhook-signature": " ".join(marks),
        }  # fmt: skip


class Secrets:
    """Keeps the secrets of subscriptions sealed.

    Args:
        vault: of the gateway.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def new_key(self, webhook: str) -> bytes:
        """The wrapped key of a new subscription."""
        return self._vault.new_key(webhook)

    def seal(self, wrapped: bytes, webhook: str, secret: bytes) -> bytes:
        """A secret sealed for its subscription."""
        return self._vault.seal_bytes(wrapped, webhook, "webhook|secret", secret)

    def open(self, wrapped: bytes, webhook: str, sealed: bytes) -> bytes:
        """The secret. Raises ``SealBroken`` when it belongs to another subscription or key."""
        return self._vault.open_bytes(wrapped, webhook, "webhook|secret", sealed)


def shown_secret(secret: bytes) -> str:
    """A secret as its owner gets it: ``whsec_…``."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()
