"""The parts of a compact token, read in the one way in which everybody must read them."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


def segment(text: str) -> bytes:
    """The bytes of one part (RFC 7515, 2: base64url without padding).

    Raises:
        ValueError: empty, padded, with other characters, or not the encoding that these bytes have.
    """
    if not _BASE64URL.fullmatch(text):
        raise ValueError("no base64url")
    found = urlsafe_b64decode(text.encode())
    if urlsafe_b64encode(found).decode() != text:
        raise ValueError("not the only encoding")
    return found


def members(raw: bytes) -> dict[str, Any]:
    """The members of a JSON object that has each name once (RFC 7515, 4; RFC 7519, 4) and only finite numbers.

    Raises:
        ValueError: no object, a name twice, NaN or infinity.
        RecursionError: nested beyond reason.
    """
    found = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_never)
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004 - malformed input, whatever its type
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member came twice")
    return found


def _never(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
