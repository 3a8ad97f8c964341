"""Signatures over documents: detached compact JWS (RFC 7515, appendix F) with the service's own Ed25519 key.

Anyone checks them with the public keys that the gateway shows at ``/.well-known/signing-keys.json``.
"""

from __future__ import annotations

import json
from pathlib import Path

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.util import urlsafe_b64encode

from shared.logs import logger

ALGORITHM = "Ed25519"
_log = logger("signatures")


class SignatureRefused(Exception):
    """The signature does not belong to the document, the kind or a key of the signer; the message says which."""


class DocumentSigner:
    """Signs documents in a service's name; the file of the key is read again whenever it was replaced.

    A replacement that cannot be read, or that is another's, leaves the key in force that was: half a file must not keep
    anything from being signed.

    Args:
        key: path of a private Ed25519 JWK whose ``kid`` is ``<issuer>-<n>``.
        issuer: name of the service that signs.

    Raises:
        ValueError: when the key is not the issuer's.
    """

    def __init__(self, key: Path, issuer: str) -> None:
        self._path, self._issuer = key, issuer
        self._stamp = self._now()
        self._key = self._read()

    def sign(self, payload: bytes, *, kind: str) -> str:
        """The signature of ``payload``; ``kind`` becomes ``typ`` and keeps signatures of different uses apart."""
        key = self._current()
        header = {"alg": ALGORITHM, "kid": str(key.kid), "typ": kind}
        signed = jws.serialize_compact(header, payload, key, algorithms=[ALGORITHM])
        protected, _, signature = signed.split(".")
        return f"{protected}..{signature}"

    def _current(self) -> OKPKey:
        try:
            stamp = self._now()
            if stamp != self._stamp:
                self._key, self._stamp = self._read(), stamp
        except (OSError, JoseError, ValueError, KeyError, TypeError) as error:
            _log.warning("key not replaced", error_type=type(error).__name__)
        return self._key

    def _read(self) -> OKPKey:
        key = OKPKey.import_key(json.loads(self._path.read_text()))
        if str(key.kid).rpartition("-")[0] != self._issuer:
            raise ValueError(f"key {key.kid} does not belong to {self._issuer}")
        return key

    def _now(self) -> tuple[int, ...]:
        found = self._path.stat()
        return (found.st_mtime_ns, found.st_ino, found.st_size)


def verify_signature(token: str, payload: bytes, keys: KeySet, *, kind: str) -> str:
    """The name of the service that signed ``payload`` as ``kind``.

    Raises:
        SignatureRefused: another document, another kind, an unknown key, or no signature at all.
    """
    parts = token.split(".")
    if len(parts) != 3 or parts[1]:
        raise SignatureRefused("no detached signature")
    whole = f"{parts[0]}.{urlsafe_b64encode(payload).decode()}.{parts[2]}"
    try:
        headers = jws.deserialize_compact(whole, keys, algorithms=[ALGORITHM]).headers()
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise SignatureRefused(type(error).__name__) from error
    if headers.get("typ") != kind:
        raise SignatureRefused("signed as another kind")
    return str(headers.get("kid")).rpartition("-")[0]


def read_keys(path: Path) -> KeySet:
    """The public keys in a JWKS file."""
    return KeySet.import_key_set(json.loads(path.read_text()))
