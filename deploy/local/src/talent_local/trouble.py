"""What goes wrong in a way that the person at the terminal can mend."""

from __future__ import annotations


class Trouble(Exception):
    """Something stands in the way; `advice` says what to do. The command prints both and exits with status 1."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice
