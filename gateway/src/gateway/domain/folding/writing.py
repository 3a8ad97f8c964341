"""What every part of the fold writes with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gateway.domain.happening import Happening
from gateway.domain.journey import Journey
from shared.kernel.money import fen

Write = Callable[[Journey, Happening], None]
"""Writes one event into a journey."""


def know(journey: Journey, happening: Happening, *names: str, **renamed: str) -> None:
    """Remember members of the payload as facts; ``renamed`` maps fact to member."""
    facts = journey.facts.setdefault(happening.service, {})
    for fact, member in {**{name: name for name in names}, **renamed}.items():
        if happening.payload.get(member) is not None:
            facts[fact] = happening.payload[member]


def take(section: dict[str, Any], happening: Happening, *names: str) -> None:
    """Copy members of the payload that are there into a section."""
    section.update({name: happening.payload[name] for name in names if happening.payload.get(name) is not None})


def amount_of(happening: Happening, member: str = "amount") -> int:
    """An amount of the payload in fen."""
    return fen(happening.payload[member]["amount"])
