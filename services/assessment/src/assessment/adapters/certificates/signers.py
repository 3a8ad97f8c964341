"""What makes signatures: a private key in memory, or a key service that never gives the key away (OpenBao transit)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from shared.credentials.jose import decoded
from shared.credentials.keys import Algorithm, PublicKey
from shared.http.problems import Unavailable

_SHA256 = SHA256()
_PATIENCE = 5.0


class LocalSigner:
    """Implements ``usecases.ports.Signer`` with a private JWK.

    Args:
        entry: the private JWK, P-256 or Ed25519, with a ``kid``.

    Raises:
        ValueError: the private part does not belong to the public one.
    """

    def __init__(self, entry: Mapping[str, Any]) -> None:
        self._public = PublicKey.of_jwk(entry)
        secret = decoded(str(entry["d"]).encode())
        self._key: Ed25519PrivateKey | EllipticCurvePrivateKey
        if self._public.algorithm == "Ed25519":
            self._key = Ed25519PrivateKey.from_private_bytes(secret)
        else:
            self._key = derive_private_key(int.from_bytes(secret), SECP256R1())
        if not self._public.verifies(self.signature(b"?"), b"?"):
            raise ValueError(f"the parts of key {self.kid} do not belong together")

    @property
    def kid(self) -> str:
        """See ``Signer.kid``."""
        return self._public.kid

    @property
    def algorithm(self) -> Algorithm:
        """See ``Signer.algorithm``."""
        return self._public.algorithm

    async def sign(self, signed: bytes) -> bytes:
        """See ``Signer.sign``."""
        return self.signature(signed)

    def signature(self, signed: bytes) -> bytes:
        """The raw signature, 64 bytes."""
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(signed)
        r, s = decode_dss_signature(self._key.sign(signed, ECDSA(_SHA256)))
        return r.to_bytes(32) + s.to_bytes(32)


class TransitSigner:
    """Implements ``usecases.ports.Signer`` with the transit engine of OpenBao (or HashiCorp Vault): the key stays there.

    Args:
        public: the public key; every signature that comes back is verified with it.
        address: of the signing operation, ``https://…/v1/transit/sign/<name>``.
        token: sent as ``X-Vault-Token``.
    """

    def __init__(self, public: PublicKey, address: str, token: str | None) -> None:
        self._public, self._address, self._token = public, address, token

    @property
    def kid(self) -> str:
        """See ``Signer.kid``."""
        return self._public.kid

    @property
    def algorithm(self) -> Algorithm:
        """See ``Signer.algorithm``."""
        return self._public.algorithm

    async def sign(self, signed: bytes) -> bytes:
        """See ``Signer.sign``.

        Raises:
            Unavailable: ``signer-unavailable`` when the key service does not answer with a signature of this key.
        """
        import aiohttp

        asked = {"input": base64.b64encode(signed).decode()}
        if self.algorithm == "ES256":
            asked |= {"hash_algorithm": "sha2-256", "marshaling_algorithm": "jws"}
        headers = {} if self._token is None else {"X-Vault-Token": self._token}
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE)) as session,
                session.post(self._address, json=asked, headers=headers, allow_redirects=False) as answer,
            ):
                content = await answer.json() if answer.status == 200 else {}
            signature = _raw(str(content["data"]["signature"]))
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError, KeyError, TypeError) as error:
            raise _unavailable() from error
        if not self._public.verifies(signature, signed):
            raise _unavailable()
        return signature


def _raw(written: str) -> bytes:
    """``vault:v3:…`` as raw signature; Ed25519 comes in base64, ES256 asked for as JWS in base64url."""
    text = written.rpartition(":")[2].replace("-", "+").replace("_", "/")
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def _unavailable() -> Unavailable:
    return Unavailable("signer-unavailable", "The key service does not sign right now; nothing was issued.")
