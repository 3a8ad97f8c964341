"""What an agreement says: duties by role, years of service, and who answers for what at the host (M-10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.kernel.refusals import Finding

AREAS = ("learning", "post", "assessment", "logistics")
SIDES = ("host", "sending_unit")


@dataclass(frozen=True, slots=True)
class Terms:
    """Duties by role of the party, years of service after the return, responsible sides by area.

    ``responsibilities`` is empty when a draft leaves them to the policy, or when neither says anything.
    """

    duties: dict[str, list[str]] = field(default_factory=dict)
    service_years: int | None = None
    responsibilities: dict[str, list[str]] = field(default_factory=dict)


def duty_problems(duties: Mapping[str, Sequence[str]], roles: Sequence[str]) -> list[Finding]:
    """Parties without duties, and duties of somebody who is no party (M-04, M-10)."""
    strangers = sorted(set(duties) - set(roles))
    idle = [role for role in dict.fromkeys(roles) if not duties.get(role)]
    found = []
    if strangers:
        text = f"No party of the agreement: {', '.join(strangers)}."
        found.append(Finding("duties-without-party", text, "/terms/duties", "M-04", values={"parties": strangers}))
    if idle:
        text = f"State the duties of: {', '.join(idle)}."
        found.append(Finding("duties-missing", text, "/terms/duties", "M-10", values={"parties": idle}))
    return found


def matrix_problems(matrix: Mapping[str, Sequence[str]], *, required: bool) -> list[Finding]:
    """Areas that nobody answers for, areas and sides that do not exist; each area once, each side once (M-10)."""
    if not matrix and not required:
        return []
    pointer = "/terms/responsibilities"
    found = [
        Finding("area-without-side", f"Nobody answers for: {area}.", f"{pointer}/{area}", "M-10")
        for area in AREAS
        if not matrix.get(area)
    ]
    found += [
        Finding("unknown-area", f"Use only: {', '.join(AREAS)}.", f"{pointer}/{area}", "M-10")
        for area in sorted(set(matrix) - set(AREAS))
    ]
    found += [
        Finding("unknown-side", f"Use only: {', '.join(SIDES)}, each once.", f"{pointer}/{area}", "M-10")
        for area, sides in matrix.items()
        if set(sides) - set(SIDES) or len(set(sides)) < len(sides)
    ]
    return found
