"""The registry of organisations: paths, names and classes; nothing personal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from selection.domain.codes import UnitClass

_PATH = re.compile(r"[A-Za-z0-9-]+(/[A-Za-z0-9-]+)*")


@dataclass(kw_only=True)
class Organisation:
    """One organisation of the tree.

    Attributes:
        path: place in the tree, ``cn/54/5401/U0001``.
        name_bo: Tibetan name, where there is one.
        category: what kind of unit it is to a programme that seats by it, a code of that programme's policy (K-01).
        area: origin area of its staff, GB/T 2260 prefecture code; ``5400`` for region-level units.
    """

    id: UUID
    version: int = 0
    path: str
    name_zh: str
    name_bo: str | None
    name_en: str
    unit_class: UnitClass
    area: str | None
    category: str | None = None


def is_path(path: str) -> bool:
    """True for a well-formed organisation path."""
    return _PATH.fullmatch(path) is not None


def parent_of(path: str) -> str:
    """The path one level up; empty at the top."""
    return path.rpartition("/")[0]


def area_of(path: str) -> str | None:
    """The area that a path implies: its third segment (``cn/54/5401/U0001`` → ``5401``)."""
    segments = path.split("/")
    return segments[2] if len(segments) > 2 else None
