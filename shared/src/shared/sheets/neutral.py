"""Formula neutralisation: a text that a spreadsheet would execute gets an apostrophe in front, and loses it on reading.

The characters are those of the OWASP page on CSV injection, their full-width forms, and blanks before them. The rule is
reversible: a text that already begins with apostrophes and such a character gets one more.
"""

from __future__ import annotations

import re

_DANGEROUS = re.compile(r"'*[\s　]*[=+\-@\t\r\n|%＝＋－＠]")
_NEUTRALISED = re.compile(r"''*[\s　]*[=+\-@\t\r\n|%＝＋－＠]")


def neutralised(text: str) -> str:
    """The text as it may stand in a cell."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restored(text: str) -> str:
    """The text that ``neutralised`` was given."""
    return text[1:] if text[:1] == "'" and _NEUTRALISED.match(text) else text
