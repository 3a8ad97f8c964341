"""The keys that sign credentials: one private JWK in use, and retired public ones that still verify."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

Key = ECKey | OKPKey
TYPE = "vc+jwt"
_LONGEST = 20_000


class Signer(Protocol):
    """Signs credentials; a key service of the deployer can stand in for the local file."""

    @property
    def kid(self) -> str:
        """Id of the key in use."""
        ...

    def sign(self, payload: bytes) -> str:
        """A compact JWS over ``payload``."""
        ...


class LocalKeys:
    """Implements ``Signer`` with a key file and verifies what current and retired keys signed.

    Args:
        private: path of a private JWK, P-256 (ES256) or Ed25519, with a ``kid``.
        retired: path of a JWKS with public keys that no longer sign, or None.

    Raises:
        ValueError: a key of another kind, or without ``kid``.
    """

    def __init__(self, private: Path, retired: Path | None = None) -> None:
        self._key = _imported(json.loads(private.read_text()))
        if not self._key.is_private:
            raise ValueError(f"{private.name} holds no private key")
        older = json.loads(retired.read_text())["keys"] if retired else []
        known = [self._key, *(_imported(entry) for entry in older)]
        self._keys = {str(key.kid): key for key in known}

    @property
    def kid(self) -> str:
        """See ``Signer.kid``."""
        return str(self._key.kid)

    def sign(self, payload: bytes) -> str:
        """See ``Signer.sign``."""
        algorithm = _algorithm(self._key)
        header = {"alg": algorithm, "kid": self.kid, "typ": TYPE}
        return jws.serialize_compact(header, payload, self._key, algorithms=[algorithm])

    def verified(self, credential: str) -> bytes | None:
        """The payload of a credential that one of the keys signed; None for everything else."""
        if len(credential) > _LONGEST or not credential.isascii():
            return None
        try:
            header = jws.extract_compact(credential.encode()).headers()
            key = self._keys.get(str(header.get("kid")))
            if key is None or header.get("typ") != TYPE:
                return None
            signed = jws.deserialize_compact(credential.encode(), key, algorithms=[_algorithm(key)])
        except (JoseError, ValueError, TypeError, KeyError):
            return None
        return signed.payload

    def public(self) -> dict[str, Any]:
        """The JWKS with every key that verifies, the one in use first."""
        return {
            "keys": [key.as_dict(private=False) | {"use": "sig", "alg": _algorithm(key)} for key in self._keys.values()]
        }


def _imported(entry: dict[str, Any]) -> Key:
    key: Key
    match entry.get("kty"), entry.get("crv"):
        case "EC", "P-256":
            key = ECKey.import_key(entry)
        case "OKP", "Ed25519":
            key = OKPKey.import_key(entry)
        case kind:
            raise ValueError(f"a key of kind {kind} cannot sign credentials")
    if not key.kid:
        raise ValueError("a key that signs credentials needs a kid")
    return key


def _algorithm(key: Key) -> str:
    return "ES256" if isinstance(key, ECKey) else "Ed25519"
