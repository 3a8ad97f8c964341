"""Cursors: opaque, signed, bound to the list and its filters."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from itsdangerous import BadSignature, URLSafeSerializer

from shared.kernel.refusals import Malformed


class Cursors:
    """Makes and reads the cursors of one service.

    Args:
        secret: signs what is made.
        retired: other secrets whose cursors are read: the earlier one after a rotation, the next one before it.
    """

    def __init__(self, secret: str, retired: Sequence[str] = ()) -> None:
        self._serializer = URLSafeSerializer([*retired, secret], salt="cursor-1")  # the last one signs

    def make(self, binding: str, position: list[Any]) -> str:
        """A cursor at ``position`` of the list that ``binding`` names."""
        return str(self._serializer.dumps([binding, position]))

    def read(self, binding: str, cursor: str) -> list[Any]:
        """The position of a cursor. Raises ``Malformed``: ``bad-cursor`` when forged or made for another list."""
        try:
            bound, position = self._serializer.loads(cursor)
        except (BadSignature, ValueError, TypeError) as error:
            raise _bad() from error
        if bound != binding or not isinstance(position, list):
            raise _bad()
        return position


def binding(name: str, filters: Mapping[str, Any]) -> str:
    """A short digest of a list's name and filters."""
    packed = orjson.dumps([name, {key: value for key, value in filters.items() if value is not None}],
                          option=orjson.OPT_SORT_KEYS, default=str)  # fmt: skip
    return hashlib.sha256(packed).hexdigest()[:16]


def _bad() -> Malformed:
    return Malformed("bad-cursor", "The cursor is not valid for this list and its filters; start from the first page.")
