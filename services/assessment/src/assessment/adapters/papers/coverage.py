"""Which characters the fonts of the paper can print; a character they cannot print is named, never printed as a box."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache
from importlib.resources import files

_INVISIBLE = frozenset({"Zs", "Cf"})


def missing(text: str) -> list[str]:
    """The characters of ``text`` that no font of the paper has, each once, as ``U+…`` in order of appearance."""
    return [f"U+{ord(one):04X}" for one in dict.fromkeys(text) if not _printable(one)]


def _printable(one: str) -> bool:
    if one == "\n" or unicodedata.category(one) in _INVISIBLE:
        return True
    firsts, lasts = _ranges()
    position = bisect_right(firsts, ord(one)) - 1
    return position >= 0 and ord(one) <= lasts[position]


@cache
def _ranges() -> tuple[list[int], list[int]]:
    lines = files("assessment.adapters.papers").joinpath("fonts/coverage.txt").read_text().split()
    pairs = [line.split("-") for line in lines]
    return [int(first, 16) for first, _ in pairs], [int(last, 16) for _, last in pairs]
