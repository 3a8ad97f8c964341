"""Certificate numbers: gap-free serials per session and an ISO 7064 MOD 37,36 check character."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from assessment.domain.schemes.scheme import CertificateRule

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHAPE = re.compile(r"[0-9A-Z]+(-[0-9A-Z]+)*")
LONGEST = 64


def check_character(payload: str) -> str:
    """The ISO 7064 MOD 37,36 check character of letters and digits; hyphens are passed over.

    It finds every single wrong character and nearly every swap of neighbours.
    """
    carry = 36
    for character in payload:
        if character != "-":
            total = (carry + _ALPHABET.index(character)) % 36 or 36
            carry = total * 2 % 37
    return _ALPHABET[(37 - carry) % 36]


def tidy(written: str) -> str:
    """A number as somebody typed it, without blanks and in capitals."""
    return re.sub(r"\s+", "", written).upper().replace("－", "-").replace("—", "-")


def is_well_formed(number: str) -> bool:
    """True when the shape and the check character of a tidied number are right."""
    if len(number) > LONGEST or not _SHAPE.fullmatch(number) or "-" not in number:
        return False
    payload, _, check = number.rpartition("-")
    return check_character(payload) == check


@dataclass(kw_only=True)
class NumberSequence:
    """The serials of one series, handed out without gaps: raised in the transaction that uses them.

    Attributes:
        series: what is common to all numbers of the series, ``XZTP-2024``.
        last: the last serial given, 0 before the first.
    """

    id: UUID
    version: int = 0
    series: str
    last: int = 0

    separator: ClassVar[str] = "-"

    def draw(self, digits: int) -> str:
        """The next number of the series."""
        self.last += 1
        payload = f"{self.series}{self.separator}{self.last:0{digits}d}"
        return f"{payload}{self.separator}{check_character(payload)}"


def series_of(rule: CertificateRule, session: str) -> str:
    """The series of a session; ``rule.number`` is a pattern with ``{session}``, other signs become hyphens."""
    return series_of_pattern(rule.number, session=session)


def series_of_pattern(pattern: str, **values: str | int) -> str:
    """The series that a pattern makes of ``values``; other signs than letters and digits become hyphens."""
    return re.sub(r"[^0-9A-Z]+", "-", pattern.format(**values).upper()).strip("-")
