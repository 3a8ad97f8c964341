"""The vault: AES-256-GCM-SIV (RFC 8452) with row-bound associated data, per-person keys, keyed blind index.

Erasing a person means destroying the person's key. A ciphertext moved to another row, column or person does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

_SUITE = b"A1"


class SealBroken(ValueError):
    """The ciphertext does not belong to this place or key, or was changed."""


class Vault:
    """Seals and opens small values under keys that are themselves wrapped by the service's key.

    Args:
        key: base64 of 32 bytes, from the deployer's key store.
    """

    def __init__(self, key: str) -> None:
        root = base64.b64decode(key, validate=True)
        if len(root) != 32:
            raise ValueError("the vault key must be 32 bytes in base64")
        self._wrapping = AESGCMSIV(_derive(root, b"wrap"))
        self._indexing = _derive(root, b"blind-index")

    def new_key(self, owner: str) -> bytes:
        """A fresh wrapped key for ``owner`` (a person's id); keep it beside the person, destroy it to erase."""
        return _seal(self._wrapping, f"key|{owner}", AESGCMSIV.generate_key(256))

    def seal(self, wrapped_key: bytes, owner: str, place: str, plain: str) -> bytes:
        """Encrypt ``plain`` for ``place`` (``table|column|row id``) under the owner's key."""
        return _seal(self._key(wrapped_key, owner), f"{owner}|{place}", plain.encode())

    def open(self, wrapped_key: bytes, owner: str, place: str, sealed: bytes) -> str:
        """Decrypt what ``seal`` made for the same owner and place.

        Raises:
            SealBroken: another place, another owner, another key or changed bytes.
        """
        return _open(self._key(wrapped_key, owner), f"{owner}|{place}", sealed).decode()

    def seal_bytes(self, wrapped_key: bytes, owner: str, place: str, plain: bytes) -> bytes:
        """The same as ``seal`` for a piece of a file."""
        return _seal(self._key(wrapped_key, owner), f"{owner}|{place}", plain)

    def open_bytes(self, wrapped_key: bytes, owner: str, place: str, sealed: bytes) -> bytes:
        """The same as ``open`` for a piece of a file. Raises ``SealBroken``."""
        return _open(self._key(wrapped_key, owner), f"{owner}|{place}", sealed)

    def blind_index(self, domain: str, value: str) -> bytes:
        """32 bytes that are equal for equal values of one ``domain`` and tell nothing without the key."""
        return hmac.new(self._indexing, f"{domain}\x00{value}".encode(), hashlib.sha256).digest()

    def _key(self, wrapped: bytes, owner: str) -> AESGCMSIV:
        return AESGCMSIV(_open(self._wrapping, f"key|{owner}", wrapped))


def _derive(root: bytes, purpose: bytes) -> bytes:
    return hmac.new(root, b"talent-vault-1|" + purpose, hashlib.sha256).digest()


def _seal(cipher: AESGCMSIV, place: str, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return _SUITE + nonce + cipher.encrypt(nonce, plain, place.encode())


def _open(cipher: AESGCMSIV, place: str, sealed: bytes) -> bytes:
    if sealed[:2] != _SUITE:
        raise SealBroken("unknown cipher suite")
    try:
        return cipher.decrypt(sealed[2:14], sealed[14:], place.encode())
    except InvalidTag as error:
        raise SealBroken("the seal does not fit its place") from error
