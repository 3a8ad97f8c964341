"""The vault: AES-256-GCM-SIV (RFC 8452) with row-bound associated data, per-person keys, keyed blind index.

Erasing a person means destroying the person's key. A ciphertext moved to another row, column or person does not open.
The service's key wraps the persons' keys; it is rotated by naming a new one and keeping the old one as retired until
every person's key is wrapped anew (``rewrap``).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

_SUITE = b"A1"
_KEYED = b"A2"
_ID_BYTES = 4


class SealBroken(ValueError):
    """The ciphertext does not belong to this place or key, or was changed."""


class _Root:
    """One service key: what wraps, what indexes, and the id by which a wrapped key names it."""

    def __init__(self, key: str) -> None:
        root = base64.b64decode(key, validate=True)
        if len(root) != 32:
            raise ValueError("the vault key must be 32 bytes in base64")
        self.wrapping = AESGCMSIV(_derive(root, b"wrap"))
        self.indexing = _derive(root, b"blind-index")
        self.id = _derive(root, b"key-id")[:_ID_BYTES]


class Vault:
    """Seals and opens small values under keys that are themselves wrapped by the service's key.

    Args:
        key: base64 of 32 bytes, from the deployer's key store; everything new is wrapped by it.
        retired: earlier keys that still open what they wrapped; dropped once ``rewrap`` has met everybody.

    Raises:
        ValueError: a key that is not 32 bytes in base64.
    """

    def __init__(self, key: str, retired: Sequence[str] = ()) -> None:
        self._current = _Root(key)
        self._roots = {root.id: root for root in (self._current, *map(_Root, retired))}

    @property
    def key_id(self) -> str:
        """Public id of the key that wraps now: eight hexadecimal digits that tell nothing about it."""
        return self._current.id.hex()

    @property
    def current_head(self) -> bytes:
        """How every key begins that the current service key wrapped: to find the others by."""
        return _KEYED + self._current.id

    def new_key(self, owner: str) -> bytes:
        """A fresh wrapped key for ``owner`` (a person's id); keep it beside the person, destroy it to erase."""
        return self._wrap(owner, AESGCMSIV.generate_key(256))

    def wrapped_by(self, wrapped_key: bytes) -> str | None:
        """Id of the service key that wraps this key; None for a key wrapped before keys had ids."""
        return wrapped_key[2 : 2 + _ID_BYTES].hex() if wrapped_key[:2] == _KEYED else None

    def rewrap(self, wrapped_key: bytes, owner: str) -> bytes:
        """The same key wrapped by the current service key; what it sealed stays as it is.

        Raises:
            SealBroken: the key that wrapped it is neither current nor retired.
        """
        return self._wrap(owner, self._unwrapped(wrapped_key, owner))

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
        return _index(self._current, domain, value)

    def blind_indexes(self, domain: str, value: str) -> list[bytes]:
        """The index under the current key, then under each retired one: what to look for while keys change."""
        return [_index(root, domain, value) for root in self._roots.values()]

    def _wrap(self, owner: str, key: bytes) -> bytes:
        return _KEYED + self._current.id + _seal(self._current.wrapping, f"key|{owner}", key)

    def _key(self, wrapped: bytes, owner: str) -> AESGCMSIV:
        return AESGCMSIV(self._unwrapped(wrapped, owner))

    def _unwrapped(self, wrapped: bytes, owner: str) -> bytes:
        if wrapped[:2] == _KEYED:
            root = self._roots.get(wrapped[2 : 2 + _ID_BYTES])
            if root is None:
                raise SealBroken("wrapped by a key that is not here")
            return _open(root.wrapping, f"key|{owner}", wrapped[2 + _ID_BYTES :])
        for root in self._roots.values():
            try:
                return _open(root.wrapping, f"key|{owner}", wrapped)
            except SealBroken:
                continue
        raise SealBroken("wrapped by a key that is not here")


def _index(root: _Root, domain: str, value: str) -> bytes:
    return hmac.digest(root.indexing, f"{domain}\x00{value}".encode(), "sha256")


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
