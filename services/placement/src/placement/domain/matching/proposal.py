"""From a matching to what a person decides upon: lines, the unmatched with reasons, and the shares of the report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from placement.domain.matching.instance import WELFARE, Instance
from placement.domain.matching.judging import blocking_pairs
from placement.domain.matching.layout import GROUP, UNMATCHED, Layout
from placement.domain.matching.stable import deferred_acceptance
from placement.domain.matching.welfare import greatest_welfare
from placement.domain.runs import ProposedMatch, Unmatched


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a run proposes, its report, and the hash of its lines."""

    lines: list[ProposedMatch]
    unmatched: list[Unmatched]
    report: dict[str, Any]
    sha256: str


def share(part: int, whole: int) -> str:
    """A share as decimal string with four places, half up; ``0.0000`` of nothing."""
    scaled = Fraction(part * 10_000, whole) if whole else Fraction(0)
    units = int(scaled + Fraction(1, 2))
    return f"{units // 10_000}.{units % 10_000:04d}"


def proposal_sha256(lines: Iterable[ProposedMatch]) -> str:
    """Hash of who is proposed to which offer, in order of participations."""
    digest = hashlib.sha256()
    for line in sorted(lines, key=lambda line: line.participation.int):
        digest.update(line.participation.bytes + line.offer.bytes + line.fit[:1].encode())
    return digest.hexdigest()


def propose(instance: Instance) -> Proposal:
    """Match by the method of the instance and report.

    ``first_choice_share`` counts the matched among those who named a host at all. For *welfare* the report has the total
    fit, the bound that proves it, and what stable would have given: the price of either method is on the table.
    """
    layout = Layout(instance)
    stable = deferred_acceptance(layout)
    if instance.method.name != WELFARE:
        lines, unmatched, report = _told(layout, stable)
        return Proposal(lines, unmatched, report, proposal_sha256(lines))
    best = greatest_welfare(layout)
    lines, unmatched, report = _told(layout, best.matching)
    _, _, other = _told(layout, stable)
    kept = ("matched_share", "fit_share", "first_choice_share", "blocking_pairs")
    report |= {
        "total_fit": best.value,
        "total_fit_bound": best.bound,
        "stable_instead": {name: other[name] for name in kept},
    }
    return Proposal(lines, unmatched, report, proposal_sha256(lines))


def _told(layout: Layout, matching: list[int]) -> tuple[list[ProposedMatch], list[Unmatched], dict[str, Any]]:
    instance, places = layout.instance, layout.instance.places
    lines: list[ProposedMatch] = []
    unmatched: list[Unmatched] = []
    choices, related = _choices(layout, matching)
    for seeker, (participation, place) in enumerate(zip(instance.participations, matching, strict=True)):
        if place == UNMATCHED:
            unmatched.append(Unmatched(participation=participation, reason=reason(layout, seeker)))
            continue
        choice, offer = choices[seeker] or None, places[place]
        fit = "group" if related[seeker] else "specialty"
        lines.append(
            ProposedMatch(participation=participation, host=offer.host, offer=offer.offer, fit=fit, choice=choice)
        )
    wishing = int((instance.wish_start[1:] > instance.wish_start[:-1]).sum())
    first, exact = choices.count(1), sum(line.fit == "specialty" for line in lines)
    report = {
        "cases": len(instance),
        "offers": len(places),
        "places": sum(layout.capacity),
        "matched": len(lines),
        "unmatched": len(unmatched),
        "matched_share": share(len(lines), len(instance)),
        "fit_share": share(exact, len(lines)),
        "first_choice_share": share(first, wishing),
        "blocking_pairs": blocking_pairs(layout, matching),
    }
    return lines, unmatched, report


def _choices(layout: Layout, matching: list[int]) -> tuple[list[int], list[bool]]:
    """Of everybody: which wish the place is (0 for none), and whether it fits the group only."""
    import numpy as np

    instance = layout.instance
    own = np.asarray(matching, np.int64)
    matched = np.flatnonzero(own >= 0)
    host = np.full(len(own), -1, np.int64)
    host[matched] = layout.host_of[own[matched]]
    choice = np.zeros(len(own), np.int64)
    mine = np.flatnonzero(np.repeat(host, np.diff(instance.wish_start)) == instance.wish_host)
    choice[np.searchsorted(instance.wish_start, mine, side="right") - 1] = layout.wish_number[mine] + 1
    related = np.zeros(len(own), bool)
    related[matched] = layout.level[instance.cell[matched], own[matched]] >= GROUP
    return choice.tolist(), related.tolist()


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
