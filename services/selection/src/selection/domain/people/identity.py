"""The resident identity number of GB 11643-1999: eighteen characters, the last one a check digit."""

from __future__ import annotations

import re
from datetime import date
from operator import mul

from shared.kernel.refusals import Finding

_SHAPE = re.compile(r"[1-9]\d{16}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def check_digit(first_seventeen: str) -> str:
    """The eighteenth character (ISO 7064 MOD 11-2) of the first seventeen digits."""
    return _CHECK[sum(map(mul, _WEIGHTS, map(int, first_seventeen))) % 11]


def normalised(number: str) -> str:
    """The number as it is compared and sealed: no blanks, capital X."""
    return number.strip().upper()


def identity_findings(number: str, birth_date: date, today: date, pointer: str) -> list[Finding]:
    """Everything wrong with an identity number and a birth date; empty when they are sound.

    The values themselves are never repeated in a finding.
    """
    findings = []
    if birth_date > today:
        findings.append(Finding("birth-date-in-future", "The birth date lies in the future.", f"{pointer}/birth_date"))
    where = f"{pointer}/identity_number"
    if not _SHAPE.fullmatch(number):
        findings.append(Finding("identity-number-shape", "Give the 18 characters of the identity number.", where))
    elif check_digit(number[:17]) != number[17]:
        findings.append(
            Finding(
                "identity-number-check", "The last character does not fit the others; look for a typing error.", where
            )
        )
    elif number[6:14] != birth_date.strftime("%Y%m%d"):
        findings.append(Finding("identity-number-birth-date", "The identity number holds another birth date.", where))
    return findings
