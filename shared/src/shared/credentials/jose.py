"""Compact JWS (RFC 7515) read and written without a key: what is signed, by which key id, and the raw signature."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class NotCompact(ValueError):
    """The text is no compact JWS that we would look at."""


@dataclass(frozen=True, slots=True)
class Compact:
    """A compact JWS taken apart; nothing about it has been verified.

    Attributes:
        header: the protected header.
        payload: what it carries.
        signature: the raw signature.
        signed: the bytes that the signature is over.
    """

    header: dict[str, Any]
    payload: bytes
    signature: bytes
    signed: bytes

    @property
    def kid(self) -> str:
        """The key id in the header, empty when there is none."""
        return str(self.header.get("kid", ""))

    @property
    def algorithm(self) -> str:
        """The algorithm in the header; ``EdDSA`` is the older name of ``Ed25519`` (RFC 9864)."""
        named = str(self.header.get("alg", ""))
        return "Ed25519" if named == "EdDSA" else named


def to_sign(header: Mapping[str, Any], payload: bytes) -> bytes:
    """The signing input of a header and a payload."""
    protected = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    return encoded(protected) + b"." + encoded(payload)


def compact(signed: bytes, signature: bytes) -> str:
    """The compact form of a signing input and its raw signature."""
    return (signed + b"." + encoded(signature)).decode()


def read_compact(text: str) -> Compact:
    """Take a compact JWS apart.

    Raises:
        NotCompact: another form, a header that is no object, or one with ``crit`` or ``b64``, which we do not know.
    """
    parts = text.encode().split(b".") if text.isascii() else []
    if len(parts) != 3:
        raise NotCompact("a compact JWS has three parts")
    try:
        header = json.loads(decoded(parts[0]))
        payload, signature = decoded(parts[1]), decoded(parts[2])
    except (ValueError, RecursionError) as error:
        raise NotCompact("the parts are not base64url, or the header is no JSON") from error
    if not isinstance(header, dict) or "crit" in header or "b64" in header:
        raise NotCompact("the header is not one that we understand")
    return Compact(header, payload, signature, parts[0] + b"." + parts[1])


def is_compact(text: str) -> bool:
    """True when a text is a compact JWS; nothing about it is verified."""
    try:
        read_compact(text)
    except NotCompact:
        return False
    return True


def encoded(raw: bytes) -> bytes:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def decoded(text: bytes) -> bytes:
    """What base64url without padding says; other spellings of the same bytes are refused.

    Raises:
        ValueError: padding, foreign characters, or bits that are left over.
    """
    try:
        raw = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if encoded(raw) != text:
        raise ValueError("not canonical base64url")
    return raw
