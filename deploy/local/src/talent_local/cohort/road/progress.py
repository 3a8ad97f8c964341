"""How far the road was walked, in ``cohort.json`` of the state directory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from talent_local.home import Home

FILE = "cohort"


@dataclass(slots=True)
class Progress:
    """Steps that are done and what was learnt on them.

    Attributes:
        seed: of the cohort.
        applicants: size of the cohort; another size is another road.
        done: seconds by step, in the order in which they were done.
        known: ids by name, as steps noted them.
        requests: answered so far.
    """

    seed: str
    applicants: int
    done: dict[str, float] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    requests: int = 0

    @classmethod
    def read(cls, home: Home, seed: str, applicants: int) -> Self:
        """What was kept for this cohort, or a beginning."""
        kept = home.read(FILE)
        if kept and kept["seed"] == seed and kept["applicants"] == applicants:
            return cls(**kept)
        return cls(seed, applicants)

    def write(self, home: Home) -> None:
        """Keep it."""
        home.write(
            FILE,
            {
                "seed": self.seed, "applicants": self.applicants, "done": self.done, "known": self.known,
                "requests": self.requests,
            },
        )  # fmt: skip


def forget(home: Home) -> None:
    """Begin anew the next time."""
    (home.root / f"{FILE}.json").unlink(missing_ok=True)
