"""From a matching to what a person decides upon: lines, the unmatched with reasons, and the shares of the report."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from placement.domain.matching.instance import GROUP_ONLY, Instance
from placement.domain.matching.stable import UNMATCHED, blocking_pairs, deferred_acceptance
from placement.domain.runs import ProposedMatch, Unmatched


def share(part: int, whole: int) -> str:
    """A share as decimal string with four places, half up; ``0.0000`` of nothing."""
    scaled = Fraction(part * 10_000, whole) if whole else Fraction(0)
    units = int(scaled + Fraction(1, 2))
    return f"{units // 10_000}.{units % 10_000:04d}"


def propose(instance: Instance) -> tuple[list[ProposedMatch], list[Unmatched], dict[str, Any]]:
    """Match and report; ``first_choice_share`` counts the matched among those who named a host at all."""
    matching = deferred_acceptance(instance)
    lines: list[ProposedMatch] = []
    unmatched: list[Unmatched] = []
    for seeker, choice in enumerate(matching):
        person = instance.seekers[seeker]
        if choice == UNMATCHED:
            unmatched.append(Unmatched(participation=person.participation, reason=_reason(instance, seeker)))
            continue
        place = instance.places[choice >> 1]
        lines.append(
            ProposedMatch(
                participation=person.participation,
                host=place.host,
                offer=place.offer,
                fit="group" if choice & GROUP_ONLY else "specialty",
                choice=instance.wish(seeker, choice >> 1),
            )
        )
    wishing = sum(1 for person in instance.seekers if person.preferences)
    report = {
        "cases": len(instance.seekers),
        "offers": len(instance.places),
        "places": sum(instance.capacity),
        "matched": len(lines),
        "unmatched": len(unmatched),
        "matched_share": share(len(lines), len(instance.seekers)),
        "fit_share": share(sum(line.fit == "specialty" for line in lines), len(lines)),
        "first_choice_share": share(sum(line.choice == 1 for line in lines), wishing),
        "blocking_pairs": blocking_pairs(instance, matching),
    }
    return lines, unmatched, report


def _reason(instance: Instance, seeker: int) -> str:
    person = instance.seekers[seeker]
    if next(instance.choices(seeker), None) is not None:
        return "places-taken"
    declined = any(
        place.host in person.excluded and place.specialty_group == person.specialty_group for place in instance.places
    )
    return "declined" if declined else "no-offer"
