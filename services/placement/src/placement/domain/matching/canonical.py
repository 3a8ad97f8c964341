"""The input of a run as bytes: one form for the same input, from which the run can be repeated."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final
from uuid import UUID
from zlib import compress, decompress

from placement.domain.matching.instance import Cell, Instance, Method, Place, Weights

_FORMAT: Final = 1
_COLUMNS: Final = ("ids", "rank", "cell", "wish_start", "wish_host", "declined")


def encode(instance: Instance) -> bytes:
    """A line of JSON with words and sizes, then the columns, little-endian, eight bytes a value (ids big-endian)."""
    method = instance.method
    weights = method.weights
    head = {
        "format": _FORMAT,
        "method": method.name,
        "beyond_wishes": method.beyond_wishes,
        "weights": [weights.specialty, weights.group, list(weights.wishes), list(weights.priorities)],
        "hosts": list(instance.hosts),
        "cells": [list(cell) for cell in instance.cells],
        "places": [[str(place.offer), *place[1:]] for place in instance.places],
        "barred": sorted(instance.barred),
        "people": len(instance),
        "wishes": len(instance.wish_host),
        "declined": len(instance.declined),
    }
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return b"\n".join([line, b"".join(_column(instance, name) for name in _COLUMNS)])


def decode(content: bytes) -> Instance:
    """The input that ``encode`` wrote. Raises ``ValueError`` for another format."""
    import numpy as np

    line, _, rest = content.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    if head["format"] != _FORMAT:
        raise ValueError(f"input of format {head['format']}")
    size, at = head["people"], 0
    lengths = {
        "ids": size * 2, "rank": size, "cell": size, "wish_start": size + 1, "wish_host": head["wishes"],
        "declined": head["declined"] * 2,
    }  # fmt: skip
    columns: dict[str, Any] = {}
    for name in _COLUMNS:
        kind = ">u8" if name == "ids" else "<i8"
        found = np.frombuffer(rest, kind, lengths[name], at)
        columns[name] = found.astype(np.uint64 if name == "ids" else np.int64)
        at += lengths[name] * 8
    specialty, group, wishes, priorities = head["weights"]
    weights = Weights(specialty, group, tuple(wishes), tuple(priorities))
    return Instance(
        method=Method(head["method"], head["beyond_wishes"], weights),
        hosts=tuple(head["hosts"]),
        cells=tuple(Cell(each[0], each[1], each[2], each[3], _pairs(each[4])) for each in head["cells"]),
        places=tuple(
            Place(UUID(each[0]), each[1], each[2], tuple(each[3]), each[4], each[5], _pairs(each[6]))
            for each in head["places"]
        ),
        barred=frozenset((mine, theirs) for mine, theirs in head["barred"]),
        **columns | {"ids": columns["ids"].reshape(size, 2), "declined": columns["declined"].reshape(-1, 2)},
    )


def sha256_of(content: bytes) -> str:
    """The hash by which an input is named."""
    return hashlib.sha256(content).hexdigest()


def packed(content: bytes) -> bytes:
    """As it is stored."""
    return compress(content, 1)


def unpacked(stored: bytes) -> bytes:
    """As it was before it was stored."""
    return decompress(stored)


def _pairs(read: Any) -> tuple[Any, ...]:
    return tuple((member, tuple(codes) if isinstance(codes, list) else codes) for member, codes in read)


def _column(instance: Instance, name: str) -> bytes:
    column: bytes = getattr(instance, name).astype(">u8" if name == "ids" else "<i8").tobytes()
    return column
