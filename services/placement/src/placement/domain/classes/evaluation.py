"""The evaluation form: five dimensions, counted without a trace of who said what, shown in aggregate only (K-09).

No answer is stored: a delegate's scores raise the counts of ``ClassScore`` and are gone. Means and counts are shown only
after the class was evaluated, so that nobody learns an answer from the difference between two looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from placement.domain.classes.rules import ClassRules
from shared.kernel.refusals import Finding, Malformed


@dataclass(frozen=True, slots=True)
class Dimension:
    """The result of one dimension; None where too few answered, or where a count would be small (domain.md 7.3)."""

    code: str
    answers: int | None
    mean: float | None
    counts: tuple[int, ...] | None


def must_be_scores(scores: Mapping[str, int], rules: ClassRules) -> None:
    """A score for each dimension, within the scale. Raises ``Malformed`` ``scores-wrong`` with a finding for each."""
    found = [
        Finding("unknown-dimension", f"Use one of: {', '.join(rules.dimensions)}.", f"/scores/{name}", "K-09")
        for name in scores
        if name not in rules.dimensions
    ]
    for name in rules.dimensions:
        if name not in scores:
            found.append(Finding("score-missing", "Give a score for this.", f"/scores/{name}", "K-09"))
        elif not 1 <= scores[name] <= rules.scale:
            found.append(Finding("score-range", f"Scores run from 1 to {rules.scale}.", f"/scores/{name}", "K-09"))
    if found:
        raise Malformed("scores-wrong", "The answers do not fit the form; see errors.", findings=found)


def results(counted: Iterable[tuple[str, int, int]], rules: ClassRules) -> list[Dimension]:
    """The results over (dimension, score, count).

    Fewer answers than ``suppress_below`` show nothing. The counts by score are shown only when none of them is a small
    one, because a single hidden count follows from the others and the sum. The mean is rounded to one decimal.
    """
    table: dict[str, dict[int, int]] = {}
    for name, score, count in counted:
        table.setdefault(name, {})[score] = count
    shown = []
    for name in rules.dimensions:
        counts = tuple(table.get(name, {}).get(score, 0) for score in range(1, rules.scale + 1))
        answers = sum(counts)
        if answers < rules.suppress_below:
            shown.append(Dimension(name, None, None, None))
            continue
        mean = round(sum(score * count for score, count in enumerate(counts, start=1)) / answers, 1)
        whole = all(count == 0 or count >= rules.suppress_below for count in counts)
        shown.append(Dimension(name, answers, mean, counts if whole else None))
    return shown
