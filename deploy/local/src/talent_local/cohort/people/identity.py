"""Resident identity numbers of GB 11643-1999 with a right check digit, from districts that issue none."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
YOUNGEST, OLDEST = date(1996, 12, 31), date(1970, 1, 1)


def check_digit(first_seventeen: str) -> str:
    """The eighteenth character (ISO 7064 MOD 11-2)."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True)) % 11]


def draw_birth_date(random: Random) -> date:
    """A birth date that makes a person between 27 and 54 at the time of the call."""
    return OLDEST + timedelta(days=random.randrange((YOUNGEST - OLDEST).days + 1))


def identity_number(area: str, birth_date: date, serial: int) -> str:
    """A number under ``area`` + ``00``: no county has that code, so it is nobody's.

    Args:
        area: four digits of the prefecture.
        birth_date: digits 7 to 14.
        serial: 0 to 999; together with area and birth date it makes the number unique.
    """
    first = f"{area}00{birth_date:%Y%m%d}{serial:03d}"
    return first + check_digit(first)
