"""From a matching to what a person decides upon: lines, the unmatched with reasons, and the shares of the report."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from placement.domain.matching.instance import WELFARE, Instance
from placement.domain.matching.judging import blocking_pairs
from placement.domain.matching.layout import UNMATCHED, Layout
from placement.domain.matching.lines import Lines
from placement.domain.matching.stable import deferred_acceptance
from placement.domain.matching.welfare import greatest_welfare
from placement.domain.runs import Unmatched


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a run proposes, its report, and the hash of its lines."""

    lines: Lines
    unmatched: list[Unmatched]
    report: dict[str, Any]
    sha256: str


def share(part: int, whole: int) -> str:
    """A share as decimal string with four places, half up; ``0.0000`` of nothing."""
    scaled = Fraction(part * 10_000, whole) if whole else Fraction(0)
    units = int(scaled + Fraction(1, 2))
    return f"{units // 10_000}.{units % 10_000:04d}"


def propose(instance: Instance) -> Proposal:
    """Match by the method of the instance and report.

    ``first_choice_share`` counts the matched among those who named a host at all. For *welfare* the report has the total
    fit, the bound that proves it, and what stable would have given: the price of either method is on the table.
    """
    layout = Layout(instance)
    stable = deferred_acceptance(layout)
    if instance.method.name != WELFARE:
        lines, unmatched, report = _told(layout, stable)
        return Proposal(lines, unmatched, report, lines.sha256())
    best = greatest_welfare(layout)
    lines, unmatched, report = _told(layout, best.matching)
    _, _, other = _told(layout, stable)
    kept = ("matched_share", "fit_share", "first_choice_share", "blocking_pairs")
    report |= {
        "total_fit": best.value,
        "total_fit_bound": best.bound,
        "stable_instead": {name: other[name] for name in kept},
    }
    return Proposal(lines, unmatched, report, lines.sha256())


def _told(layout: Layout, matching: list[int]) -> tuple[Lines, list[Unmatched], dict[str, Any]]:
    import numpy as np

    instance = layout.instance
    own = np.asarray(matching, np.int64)
    lines = Lines(layout, own)
    left = np.flatnonzero(own == UNMATCHED).tolist()
    unmatched = [
        Unmatched(participation=instance.participation(seeker), reason=reason(layout, seeker)) for seeker in left
    ]
    wishing = int((instance.wish_start[1:] > instance.wish_start[:-1]).sum())
    first, exact = int((lines.choice == 1).sum()), int((~lines.related).sum())
    report = {
        "cases": len(instance),
        "offers": len(instance.places),
        "places": sum(layout.capacity),
        "matched": len(lines),
        "unmatched": len(unmatched),
        "matched_share": share(len(lines), len(instance)),
        "fit_share": share(exact, len(lines)),
        "first_choice_share": share(first, wishing),
        "blocking_pairs": blocking_pairs(layout, matching),
    }
    return lines, unmatched, report


def reason(layout: Layout, seeker: int) -> str:
    """Why somebody has no place.

    ``places-taken`` when acceptable places exist, ``declined`` when those of the group have all said no,
    ``no-paired-place`` when the pairing rules refuse all of them, ``no-wished-place`` when only unwished ones are
    left and the method gives none, ``no-offer`` when nobody offers the person's group.
    """
    instance = layout.instance
    cell = instance.cells[int(instance.cell[seeker])]
    if next(layout.choices(seeker), None) is not None:
        return "places-taken"
    group = [place for place in instance.places if place.specialty_group == cell.specialty_group]
    if group and all((cell.lane, place.lane) in instance.barred for place in group):
        return "no-paired-place"
    acceptable = {index for index, level in enumerate(layout.level[int(instance.cell[seeker])].tolist()) if level >= 0}
    gone = layout.declined.get(seeker, set())
    if acceptable and all(int(layout.host_of[index]) in gone for index in acceptable):
        return "declined"
    return "no-wished-place" if acceptable else "no-offer"
