"""Experts' score sheets, such that no two candidates end with the same composite score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom the experts score.

    Attributes:
        key: participation.
        merit: what they think of the person, of 100.
        points: preference points that the composite score adds, in hundredths.
        experts: positions of the experts who may score the person.
    """

    key: str
    merit: float
    points: int
    experts: tuple[int, ...]


Sheets = dict[str, dict[int, dict[str, int]]]
"""Candidate → expert → criterion → score."""


def draw_sheets(seed: str, candidates: Iterable[Candidate], weights: Mapping[str, int]) -> Sheets:
    """Sheets for everybody; a criterion is raised or lowered by one until the composite is nobody else's.

    Args:
        seed: makes the sheets a function of the cohort.
        candidates: in a fixed order.
        weights: weight of each criterion, together 100.
    """
    taken: set[int] = set()
    sheets: Sheets = {}
    for candidate in candidates:
        random = Random(f"{seed}:{candidate.key}")
        own = {
            expert: {criterion: _score(random, candidate.merit) for criterion in weights}
            for expert in candidate.experts
        }
        while (composite := _composite(own, weights, candidate.points)) in taken:
            expert = random.choice(candidate.experts)
            criterion = random.choice(list(weights))
            own[expert][criterion] = min(99, max(40, own[expert][criterion] + random.choice((-1, 1))))
        taken.add(composite)
        sheets[candidate.key] = own
    return sheets


def _score(random: Random, merit: float) -> int:
    return min(99, max(40, round(random.gauss(merit, 5))))


def _composite(own: Mapping[int, Mapping[str, int]], weights: Mapping[str, int], points: int) -> int:
    """Mean of the weighted sheets plus points, in ten-thousandths half up, as the service compares it."""
    total = sum(scores[name] * weight for scores in own.values() for name, weight in weights.items())
    return (total * 200 + len(own)) // (2 * len(own)) + points * 100
