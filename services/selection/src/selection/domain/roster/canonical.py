"""Canonical JSON after RFC 8785 for the values that documents hold: objects, arrays, strings, whole numbers, true, false, null.

Fractions travel as strings here, so a binary float is refused rather than written in a way that another reader might
write differently.
"""

from __future__ import annotations

import json
from typing import Any

_LARGEST = 2**53 - 1
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def canonical_json(value: Any) -> str:
    """The one text of a value: members ordered by UTF-16 code units, no blanks, the shortest escapes.

    Raises:
        ValueError: a float, an integer that a double cannot hold, a member name that is no string, a lone surrogate,
            or a value of another kind.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() if abs(value) <= _LARGEST:
            return str(int(value))
        case str():
            return _string(value)
        case list() | tuple():
            return "[" + ",".join(canonical_json(each) for each in value) + "]"
        case dict():
            if not all(isinstance(name, str) for name in value):
                raise ValueError("a member name must be a string")
            names = sorted(value, key=_utf16)
            return "{" + ",".join(f"{_string(name)}:{canonical_json(value[name])}" for name in names) + "}"
    raise ValueError(f"{type(value).__name__} has no canonical form here")


def is_canonical(text: str) -> bool:
    """True when a text is exactly the canonical form of what it says."""
    try:
        return canonical_json(json.loads(text, object_pairs_hook=_once)) == text
    except (ValueError, RecursionError):
        return False


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _string(value: str) -> str:
    value.encode()
    return '"' + "".join(_ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
