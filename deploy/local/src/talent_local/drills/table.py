"""What a drill says in the end: lines of what was seen, what was demanded, and whether that held."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field


@dataclass(slots=True)
class Table:
    """The lines of a drill.

    Attributes:
        title: of the drill.
        lines: what, figure with unit, demanded, held.
    """

    title: str
    lines: list[tuple[str, str, str, bool]] = field(default_factory=list)

    def add(self, what: str, figure: object, demanded: str = "", held: bool = True) -> None:
        """A line; without a demand it is only told. It is said at once, for a drill may break off."""
        self.lines.append((what, str(figure), demanded, held))
        sys.stderr.write(f"{what}: {figure}{'' if held else ' NOT HELD'}\n")

    @property
    def held(self) -> bool:
        """True when every demand held."""
        return all(line[3] for line in self.lines)

    def __str__(self) -> str:
        head = f"{self.title}\n| what | seen | demanded | |\n|---|---|---|---|"
        rows = [
            f"| {what} | {seen} | {demanded} | {_word(demanded, held)} |" for what, seen, demanded, held in self.lines
        ]
        return "\n".join([head, *rows])


def _word(demanded: str, held: bool) -> str:
    return "" if held and not demanded else "held" if held else "NOT HELD"
